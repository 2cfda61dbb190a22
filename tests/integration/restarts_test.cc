// Tasks that are begun again in place, on a real master and a real agent.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <csignal>
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

// --- By hand
// --------------------------------------------------------------------------------------

class ByHand : public Restarts {
 protected:
  // Which writes down each attempt, and each hangup.
  std::string deploy_listener() {
    const std::string id = deploy(noted("trap 'echo hangup >> " + cluster_.directory() +
                                        "/hangups' HUP; while :; do sleep 0.1; done"),
                                  R"({"policy":"never"})");
    await_attempt(id, 1);
    return id;
  }
  void await_attempt(const std::string& id, int attempt) const {
    EXPECT_TRUE(eventually([&] {
      const json::object now = task(id);
      return now.at("state") == "running" && now.at("attempt") == attempt &&
             static_cast<int>(attempts().size()) == attempt;
    })) << shown(id);
  }
  std::size_t hangups() const {
    std::ifstream stream(cluster_.directory() + "/hangups");
    std::size_t count = 0;
    for (std::string line; std::getline(stream, line);) ++count;
    return count;
  }
  json::value ask(const std::string& id, const std::string& what, const std::string& body) const {
    const auto answer = cluster_.post("/api/v1/instances/" + id + "/" + what, body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body);
  }
  std::string code(const std::string& id, const std::string& what, const std::string& body) const {
    const auto answer = cluster_.post("/api/v1/instances/" + id + "/" + what, body);
    const json::value error = json::parse(answer.body);
    return error.as_object().contains("code") ? json::value_to<std::string>(error.at("code")) : "";
  }
};

TEST_F(ByHand, ATaskIsBegunAgainWhateverItsTemplateSays) {
  const std::string id = deploy_listener();
  EXPECT_EQ(ask(id, "restart", "").at("tasks"), 1);
  await_attempt(id, 2);
  const json::value before = task(id).at("previous").at(0);
  EXPECT_EQ(before.at("reason"), "restart");
  EXPECT_EQ(before.at("signal"), 15);
  EXPECT_EQ(attempts()[0].allocation, attempts()[1].allocation) << "in its place";
}

TEST_F(ByHand, ANodeThatIsAwayBeginsItAgainWhenItIsBack) {
  const std::string id = deploy_listener();
  cluster_.agent(0).kill();
  EXPECT_EQ(ask(id, "restart", R"({"task":"t"})").at("tasks"), 1);
  EXPECT_EQ(task(id).at("restart_requested"), true);
  cluster_.master().kill();
  cluster_.start_master();
  cluster_.start_agent(0);
  await_attempt(id, 2);
  EXPECT_FALSE(task(id).contains("restart_requested"));
}

TEST_F(ByHand, ASignalReachesWhatRunsAndEndsNothing) {
  const std::string id = deploy_listener();
  const json::value answer = ask(id, "signal", R"({"signal":"HUP","group":"0","index":0})");
  EXPECT_EQ(answer.at("tasks"), 1);
  EXPECT_EQ(answer.at("unreachable"), 0);
  EXPECT_TRUE(eventually([&] { return hangups() == 1; }));
  EXPECT_EQ(task(id).at("attempt"), 1);
}

TEST_F(ByHand, ASignalIsNotKeptForANodeThatIsAway) {
  const std::string id = deploy_listener();
  cluster_.agent(0).kill();
  // The master may not have seen yet that the connection is gone.
  EXPECT_TRUE(
      eventually([&] { return code(id, "signal", R"({"signal":"HUP"})") == "nodes_unreachable"; }));
}

TEST_F(ByHand, WhatIsWrongIsSaid) {
  const std::string id = deploy_listener();
  EXPECT_EQ(code(id, "signal", R"({"signal":"SIGNONSENSE"})"), "invalid_value");
  EXPECT_EQ(code(id, "signal", ""), "empty_body");
  EXPECT_EQ(code(id, "restart", R"({"group":"nothing"})"), "unknown_group");
  EXPECT_EQ(code(id, "restart", R"({"task":"nothing"})"), "unknown_task");
  EXPECT_EQ(code(id, "restart", R"({"index":7})"), "nothing_running");
  cluster_.agent(0).signal(SIGSTOP);  // which would soon have stopped it
  cluster_.stop(id);
  EXPECT_EQ(code(id, "restart", ""), "stopping");
  cluster_.agent(0).signal(SIGCONT);
  await_state(id, "stopped");
  EXPECT_EQ(code(id, "restart", ""), "unknown_instance");
}

}  // namespace
}  // namespace drover::test
