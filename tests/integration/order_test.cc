// The order of the tasks of a group, and what the failure of one does to the others, on a real
// master and a real agent.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/cluster.h"

namespace drover::test {
namespace {

namespace json = boost::json;

class Order : public testing::Test {
 protected:
  void SetUp() override {
    cluster_.start_master();
    cluster_.start_agent(0);
    cluster_.await_online(1);
  }

  // A group of these tasks, with these members beside them.
  std::string deploy(const std::string& tasks, const std::string& group = "") {
    cluster_.create(R"({"name":"work","task_groups":[{"tasks":[)" + tasks + "]" + group + "}]}");
    return cluster_.deploy("work");
  }

  // `rest` are members beside its config.
  static std::string task(const std::string& name, const std::string& command,
                          const std::string& rest = "") {
    return R"({"name":")" + name + R"(","config":{"command":)" +
           json::serialize(json::string(command)) + "}" + rest + "}";
  }
  static std::string after(const std::string& name, const std::string& state = "succeeded") {
    return R"(,"after":{")" + name + R"(":")" + state + R"("})";
  }

  // A file of the test's own; a command that waits for it without taking time of the processor.
  std::string file(const std::string& name) const { return cluster_.directory() + "/" + name; }
  std::string await_file(const std::string& name) const {
    return "until test -e " + file(name) + "; do sleep 0.05; done";
  }
  bool exists(const std::string& name) const { return std::filesystem::exists(file(name)); }
  void make(const std::string& name) const { std::ofstream(file(name)) << "made"; }
  std::string content(const std::string& name) const {
    std::ifstream stream(file(name));
    std::string line;
    std::getline(stream, line);
    return line;
  }

  json::value shown(const std::string& id) const {
    return json::parse(cluster_.get("/api/v1/instances/" + id).body);
  }
  json::object shown_task(const std::string& id, int task) const {
    return shown(id).at("groups").at(0).at("tasks").at(task).as_object();
  }
  void await_state(const std::string& id, const std::string& state) const {
    EXPECT_TRUE(eventually([&] { return shown(id).at("state") == json::string(state); }))
        << shown(id);
  }
  void await_task(const std::string& id, int task, const std::string& state) const {
    EXPECT_TRUE(eventually([&] { return shown_task(id, task).at("state") == json::string(state); }))
        << shown(id);
  }

  Cluster cluster_;
};

TEST_F(Order, TheAnalyserSeesWhatTheCleanerHasLeft) {
  const std::string id = deploy(task("analyse", "cat cleaned > " + file("seen"), after("clean")) +
                                "," + task("clean", await_file("go") + "; echo clean > cleaned"));
  await_task(id, 1, "running");
  EXPECT_EQ(shown_task(id, 0).at("state"), "waiting");
  EXPECT_EQ(shown_task(id, 0).at("attempt"), 0);
  EXPECT_EQ(shown(id).at("state"), "starting");
  make("go");
  await_state(id, "completed");
  EXPECT_EQ(content("seen"), "clean");
}

TEST_F(Order, WhatWaitsForAFailedCleanerNeverBeginsAndSaysWhy) {
  const std::string id = deploy(
      task("clean", "exit 3") + "," + task("analyse", "touch " + file("analysed"), after("clean")) +
      "," + task("report", "touch " + file("reported"), after("analyse", "started")));
  await_state(id, "failed");
  const json::object analyse = shown_task(id, 1);
  EXPECT_EQ(analyse.at("state"), "failed");
  EXPECT_EQ(analyse.at("reason"), "group");
  EXPECT_EQ(analyse.at("detail"), "was not begun: 'clean' has failed");
  EXPECT_FALSE(analyse.contains("started"));
  EXPECT_EQ(shown_task(id, 2).at("detail"), "was not begun: 'analyse' was not begun");
  EXPECT_EQ(shown(id).at("groups").at(0).at("generation"), 1) << "it was run a second time";
  EXPECT_FALSE(exists("analysed"));
  EXPECT_FALSE(exists("reported"));
}

TEST_F(Order, AServiceOnlyHasToBeStarted) {
  const std::string id =
      deploy(task("database", "exec sleep 1000") + "," +
             task("client", "touch " + file("asked"), after("database", "started")));
  await_task(id, 1, "succeeded");
  EXPECT_TRUE(exists("asked"));
  EXPECT_EQ(shown_task(id, 0).at("state"), "running");
  cluster_.stop(id);
  await_state(id, "stopped");
}

TEST_F(Order, ItWaitsWhileTheCleanerIsBegunAgain) {
  const std::string id = deploy(task("clean", "test $DROVER_ATTEMPT = 2 && touch cleaned",
                                     R"(,"restart":{"policy":"on_failure"})") +
                                "," + task("analyse", "test -e cleaned", after("clean")));
  await_state(id, "completed");
  EXPECT_EQ(shown_task(id, 0).at("attempt"), 2);
  EXPECT_EQ(shown_task(id, 1).at("attempt"), 1);
}

TEST_F(Order, AFailureEndsTheGroupThatSaysSo) {
  const std::string id =
      deploy(task("one", await_file("go") + "; exit 1") + "," + task("two", "exec sleep 1000") +
                 "," + task("three", "touch " + file("third"), after("two")),
             R"(,"on_task_failure":"stop_group")");
  await_task(id, 0, "running");
  await_task(id, 1, "running");
  make("go");
  await_state(id, "failed");
  const json::object two = shown_task(id, 1);
  EXPECT_EQ(two.at("signal"), SIGTERM);
  EXPECT_EQ(two.at("reason"), "group");
  EXPECT_EQ(shown_task(id, 2).at("detail"), "was not begun: 'one' has failed");
  EXPECT_FALSE(exists("third"));
}

TEST_F(Order, TheAgentDiesWhileOneWaitsAndTheNextOneBeginsIt) {
  const std::string id =
      deploy(task("clean", await_file("go") + "; echo clean > cleaned; touch " + file("done")) +
             "," + task("analyse", "cat cleaned > " + file("seen"), after("clean")));
  await_task(id, 0, "running");
  cluster_.agent(0).kill();
  make("go");
  ASSERT_TRUE(eventually([&] { return exists("done"); }));
  cluster_.start_agent(0);
  await_state(id, "completed");
  EXPECT_EQ(content("seen"), "clean");
}

TEST_F(Order, TheAgentIsAwayWhenTheCleanerFails) {
  const std::string id =
      deploy(task("clean", await_file("go") + "; touch " + file("done") + "; exit 1") + "," +
                 task("analyse", "touch " + file("analysed"), after("clean")) + "," +
                 task("serve", "exec sleep 1000"),
             R"(,"on_task_failure":"stop_group")");
  await_task(id, 0, "running");
  await_task(id, 2, "running");
  cluster_.agent(0).kill();
  make("go");
  ASSERT_TRUE(eventually([&] { return exists("done"); }));
  cluster_.start_agent(0);
  await_state(id, "failed");
  EXPECT_EQ(shown_task(id, 1).at("detail"), "was not begun: 'clean' has failed");
  EXPECT_EQ(shown_task(id, 2).at("reason"), "group");
  EXPECT_FALSE(exists("analysed"));
}

TEST_F(Order, ItGoesOnWithoutAMaster) {
  const std::string id = deploy(task("clean", await_file("go")) + "," +
                                task("analyse", "touch " + file("analysed"), after("clean")));
  await_task(id, 0, "running");
  cluster_.master().kill();
  make("go");
  EXPECT_TRUE(eventually([&] { return exists("analysed"); }));
  cluster_.start_master();
  await_state(id, "completed");
}

TEST_F(Order, AStopEndsWhatWaitsAtOnce) {
  const std::string id = deploy(task("clean", "exec sleep 1000") + "," +
                                task("analyse", "touch " + file("analysed"), after("clean")));
  await_task(id, 0, "running");
  cluster_.stop(id);
  await_state(id, "stopped");
  const json::object analyse = shown_task(id, 1);
  EXPECT_EQ(analyse.at("state"), "stopped");
  EXPECT_EQ(analyse.at("detail"), "was ended before it started");
  EXPECT_FALSE(exists("analysed"));
}

}  // namespace
}  // namespace drover::test
