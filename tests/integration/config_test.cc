// What a task's `config` asks for, from the template to the process and back, on the real programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/cluster.h"

namespace drover::test {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class Config : public testing::Test {
 protected:
  void SetUp() override {
    cluster_.start_master();
    cluster_.start_agent(0);
    cluster_.await_online(1);
  }

  // A template of one task: `config` is what stands beside its command.
  void create(const std::string& name, const std::string& command, const std::string& config) {
    cluster_.create(R"({"name":")" + name +
                    R"(","task_groups":[{"tasks":[{"name":"task","config":{"command":)" +
                    json::serialize(json::value(command)) + "," + config + "}}]}]}");
  }
  std::string run(const std::string& command, const std::string& config) {
    create("it", command, config);
    return cluster_.deploy("it");
  }
  json::object shown(const std::string& id) const {
    return json::parse(cluster_.get("/api/v1/instances/" + id).body).as_object();
  }
  json::object task(const std::string& id) const {
    return shown(id).at("groups").at(0).at("tasks").at(0).as_object();
  }
  static std::string word(const json::object& object, const char* member) {
    return json::value_to<std::string>(object.at(member));
  }
  static int number(const json::object& object, const char* member) {
    return json::value_to<int>(object.at(member));
  }
  void await_state(const std::string& id, const std::string& state) const {
    EXPECT_TRUE(eventually([&] { return word(shown(id), "state") == state; }))
        << json::serialize(shown(id));
  }
  void await_output(const std::string& id, const std::string& text) const {
    EXPECT_TRUE(eventually([&] { return cluster_.output(0, id) == text; }))
        << cluster_.output(0, id);
  }

  Cluster cluster_;
};

// By way of the store, which a master that was started anew has read.
TEST_F(Config, ReachesTheProcessFromTheTemplateThatWasStored) {
  create("all", "umask; ulimit -Sn; ulimit -Hn; ulimit -f; ulimit -t; cat; exit 3",
         R"("umask":"0027","limits":{"nofile":100,"fsize":"512KiB","cpu":"77s"},)"
         R"("stdin":"one\ntwo\n","success_exit_codes":[3])");
  cluster_.master().signal(SIGTERM);
  cluster_.master().wait();
  cluster_.start_master();
  cluster_.await_online(1);
  const std::string id = cluster_.deploy("all");
  await_state(id, "completed");
  EXPECT_EQ(cluster_.output(0, id), "0027\n100\n100\n1024\n77\none\ntwo\n");
  EXPECT_EQ(number(task(id), "exit_code"), 3);
  EXPECT_EQ(word(task(id), "state"), "succeeded");
  EXPECT_EQ(word(task(id), "reason"), "itself");
}

TEST_F(Config, AnInputLargerThanAnyPipeIsReadToItsEnd) {
  const std::string id = run("wc -c", R"("stdin":")" + std::string(300'000, 'x') + '"');
  await_state(id, "completed");
  EXPECT_EQ(cluster_.output(0, id), "300000\n");
}

TEST_F(Config, TheCodesOfSuccessAreTheWholeOfThem) {
  const std::string id = run("exit 0", R"("success_exit_codes":[3])");
  await_state(id, "failed");
  EXPECT_THAT(word(shown(id), "cause"), HasSubstr("exited with 0"));
}

TEST_F(Config, AStopIsToldByTheSignalOfItsChoice) {
  const std::string id =
      run("trap 'echo told; exit 0' USR1; trap '' TERM; echo up; while :; do sleep 0.01; done",
          R"("stop_signal":"SIGUSR1","stop_grace":"60s")");
  await_output(id, "up\n");
  cluster_.stop(id);
  await_state(id, "stopped");
  EXPECT_EQ(cluster_.output(0, id), "up\ntold\n");
  EXPECT_EQ(word(task(id), "reason"), "stop");
}

TEST_F(Config, ATimeoutEndsAndFailsATaskAndIsNamed) {
  const std::string id = run("trap 'exit 0' TERM; while :; do sleep 0.01; done",
                             R"("timeout":"300ms","stop_grace":"60s")");
  await_state(id, "failed");
  EXPECT_EQ(number(task(id), "exit_code"), 0) << "what is ended for its time has not succeeded";
  EXPECT_EQ(word(task(id), "reason"), "timeout");
  EXPECT_THAT(word(shown(id), "cause"), HasSubstr("timeout"));
}

TEST_F(Config, ATimeoutOutlivesTheAgent) {
  const std::string id = run("echo up; exec sleep 600", R"("timeout":"2s")");
  await_output(id, "up\n");
  cluster_.agent(0).kill();
  cluster_.start_agent(0);
  await_state(id, "failed");
  EXPECT_EQ(number(task(id), "signal"), SIGTERM);
  EXPECT_EQ(word(task(id), "reason"), "timeout");
}

TEST_F(Config, ATaskRunsAsItsUserInADirectoryOfItsOwn) {
  if (::geteuid() != 0) GTEST_SKIP() << "NOT TESTED, another user needs root";
  const std::string id =
      run("id -un; id -Gn; echo $USER; echo mine > file && cat file", R"("user":"nobody")");
  await_state(id, "completed");
  EXPECT_EQ(cluster_.output(0, id), "nobody\nnogroup\nnobody\nmine\n");
}

// Where the limits can be had, tests/process looks at what they do.
TEST_F(Config, WhatItsNodeCannotEnforceIsSaidAndTheTaskRuns) {
  cluster_.create(R"({"name":"it","task_groups":[{"tasks":[{"name":"task","config":)"
                  R"({"command":"exit 0"},"resources":{"cpu":0.5,"memory":"64MiB"}}]}]})");
  const std::string id = cluster_.deploy("it");
  await_state(id, "completed");
  std::ostringstream log;
  log << std::ifstream(cluster_.state_dir(0) + "/supervisor.sock.log").rdbuf();
  const bool lacks = log.str().find("not all limits can be enforced") != std::string::npos ||
                     log.str().find("contained by process groups only") != std::string::npos;
  EXPECT_EQ(task(id).contains("not_enforced"), lacks) << json::serialize(task(id));
}

TEST_F(Config, AnUnknownUserIsAFailureAndNeverSomebodyElse) {
  const std::string id = run("id -un", R"("user":"nobody-has-this-name")");
  await_state(id, "failed");
  EXPECT_THAT(word(shown(id), "cause"), HasSubstr("unknown_user"));
  EXPECT_EQ(cluster_.output(0, id), "");
}

}  // namespace
}  // namespace drover::test
