// Tasks that are begun again in place, on a real master and a real agent.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/cluster.h"

namespace drover::test {
namespace {

namespace json = boost::json;

class Restarts : public testing::Test {
 protected:
  void SetUp() override {
    cluster_.start_master();
    cluster_.start_agent(0);
    cluster_.await_online(1);
  }

  // One task with this config and restart, in a group with these other members.
  std::string deploy(const std::string& config, const std::string& restart,
                     const std::string& group = "") {
    cluster_.create(R"({"name":"work","task_groups":[{"tasks":[{"name":"t","config":{)" + config +
                    R"(},"restart":)" + restart + "}]" + group + "}]}");
    return cluster_.deploy("work");
  }

  // A command that writes down each attempt, and when it began, and then does `rest`.
  std::string noted(const std::string& rest) const {
    return R"("command":"echo $DROVER_ALLOCATION_ID $DROVER_ATTEMPT $(date +%s%3N) >> )" + file() +
           "; " + rest + R"(")";
  }
  std::string file() const { return cluster_.directory() + "/attempts"; }

  struct Noted {
    std::string allocation;
    int attempt = 0;
    std::int64_t at_ms = 0;
  };
  std::vector<Noted> attempts() const {
    std::vector<Noted> all;
    std::ifstream stream(file());
    for (Noted one; stream >> one.allocation >> one.attempt >> one.at_ms;) all.push_back(one);
    return all;
  }

  json::value shown(const std::string& id) const {
    return json::parse(cluster_.get("/api/v1/instances/" + id).body);
  }
  json::object task(const std::string& id) const {
    return shown(id).at("groups").at(0).at("tasks").at(0).as_object();
  }
  void await_state(const std::string& id, const std::string& state) const {
    EXPECT_TRUE(eventually([&] { return shown(id).at("state") == json::string(state); }))
        << shown(id);
  }
  void await_pause(const std::string& id, int attempt) const {
    EXPECT_TRUE(eventually([&] {
      const json::object now = task(id);
      return now.at("state") == "restarting" && now.at("attempt") == attempt;
    })) << shown(id);
  }

  Cluster cluster_;
};

TEST_F(Restarts, ATaskFailsTwiceAndSucceedsTheThirdTime) {
  const std::string id = deploy(noted("test $DROVER_ATTEMPT = 3"), R"({"policy":"on_failure"})");
  await_pause(id, 1);
  EXPECT_EQ(shown(id).at("state"), "degraded");
  EXPECT_EQ(1, cluster_.status(id));
  await_state(id, "completed");
  const std::vector<Noted> begun = attempts();
  ASSERT_EQ(begun.size(), 3U);
  for (int place = 0; place < 3; ++place) EXPECT_EQ(begun[place].attempt, place + 1);
  EXPECT_GE(begun[1].at_ms - begun[0].at_ms, 1000);
  EXPECT_GE(begun[2].at_ms - begun[1].at_ms, 2000);
  const json::object last = task(id);
  EXPECT_EQ(last.at("attempt"), 3);
  EXPECT_EQ(last.at("restarts"), 2);
  EXPECT_EQ(last.at("exit_code"), 0);
  EXPECT_EQ(last.at("previous").at(0).at("attempt"), 1);
  EXPECT_EQ(last.at("previous").at(1).at("exit_code"), 1);
}

TEST_F(Restarts, ThePauseAndTheCountOutliveTheAgent) {
  const std::string id =
      deploy(noted("exit 5"), R"({"policy":"on_failure","attempts":2,"max_delay":"1s"})");
  for (const int attempt : {1, 2}) {
    await_pause(id, attempt);
    const json::value due = task(id).at("next_start");
    cluster_.agent(0).kill();
    cluster_.start_agent(0);
    const json::object now = task(id);
    const bool is_pausing = now.at("attempt") == attempt && now.contains("next_start");
    EXPECT_TRUE(!is_pausing || now.at("next_start") == due) << shown(id);
  }
  await_state(id, "failed");
  const std::vector<Noted> begun = attempts();
  ASSERT_EQ(begun.size(), 3U) << "two restarts are all that there may be";
  for (int place = 0; place < 3; ++place) EXPECT_EQ(begun[place].attempt, place + 1);
  EXPECT_GE(begun[1].at_ms - begun[0].at_ms, 1000);
  EXPECT_GE(begun[2].at_ms - begun[1].at_ms, 1000);
}

TEST_F(Restarts, TheOutputOfTheNewestAttemptsIsKept) {
  const std::string id = deploy(noted("echo said; exit 5"),
                                R"({"policy":"on_failure","attempts":4,"max_delay":"1s"})");
  await_state(id, "failed");
  ASSERT_EQ(attempts().size(), 5U);
  const std::string beginning =
      cluster_.state_dir(0) + "/output/" + attempts().front().allocation + "/0.";
  for (int attempt = 1; attempt <= 5; ++attempt) {
    const bool is_kept = std::filesystem::exists(beginning + std::to_string(attempt) + ".stdout");
    EXPECT_EQ(is_kept, attempt > 2) << beginning << attempt;
  }
}

TEST_F(Restarts, AStopWhileItPausesEndsItAtOnce) {
  const std::string id = deploy(noted("exit 1"), R"({"policy":"always","delay":"1h"})");
  await_pause(id, 1);
  cluster_.stop(id);
  await_state(id, "stopped");
  EXPECT_EQ(attempts().size(), 1U);
  EXPECT_EQ(task(id).at("previous").at(0).at("exit_code"), 1);
}

TEST_F(Restarts, WhatCannotBeExecutedIsNotTriedAgain) {
  const std::string id = deploy(R"("command":"/nothing/here","args":[])", R"({"policy":"always"})");
  await_state(id, "failed");
  const json::object last = task(id);
  EXPECT_EQ(last.at("attempt"), 1);
  EXPECT_EQ(last.at("errno"), 2);
  EXPECT_EQ(last.at("detail"), "could not be started: exec: No such file or directory");
}

TEST_F(Restarts, AfterTheLastOneTheGroupIsPlacedAgain) {
  const std::string id = deploy(noted("exit 1"), R"({"policy":"on_failure","attempts":1})",
                                R"(,"reschedule":{"policy":"on_failure"})");
  EXPECT_TRUE(eventually([&] { return attempts().size() >= 3; })) << shown(id);
  const std::vector<Noted> begun = attempts();
  EXPECT_EQ(begun[1].allocation, begun[0].allocation);
  EXPECT_EQ(begun[1].attempt, 2);
  EXPECT_NE(begun[2].allocation, begun[0].allocation);
  EXPECT_EQ(begun[2].attempt, 1);
  cluster_.stop(id);
  await_state(id, "stopped");
}

}  // namespace
}  // namespace drover::test
