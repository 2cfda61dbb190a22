// Parts are killed with SIGKILL while others go on: real programs, real processes.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/support/cluster.h"

namespace drover::test {
namespace {

class Survival : public testing::Test {
 protected:
  void SetUp() override {
    cluster_.start_master();
    cluster_.start_agent(0);
    cluster_.await_online(1);
  }

  // A task that runs until the test makes the file `name`, and says that it runs.
  std::string waits_for(const std::string& name) {
    return "echo $$ > " + path(name + ".pid.new") + " && mv " + path(name + ".pid.new") + " " +
           path(name + ".pid") + "; while [ ! -e " + path(name) + " ]; do sleep 0.02; done; exit ";
  }
  std::string path(const std::string& name) const { return cluster_.directory() + "/" + name; }
  void touch(const std::string& name) const { std::ofstream(path(name)) << ""; }
  pid_t await_pid(const std::string& name) const {
    EXPECT_TRUE(eventually([&] { return std::filesystem::exists(path(name + ".pid")); }));
    pid_t pid = -1;
    std::ifstream(path(name + ".pid")) >> pid;
    return pid;
  }

  // The supervisor gets the signal while a task of this instance runs; both are gone then.
  std::string lose_a_task_to(int signal) {
    cluster_.create("one", waits_for("go") + "0");
    const std::string id = cluster_.deploy("one");
    const pid_t pid = await_pid("go");
    const pid_t supervisor = cluster_.supervisor(0);
    EXPECT_GT(supervisor, 0);
    if (supervisor <= 0) return id;  // a signal would go to others
    EXPECT_EQ(0, ::kill(supervisor, signal));
    EXPECT_TRUE(eventually([pid] { return !process_exists(pid); }));
    cluster_.await_status(id, 1);
    return id;
  }

  Cluster cluster_;
};

TEST_F(Survival, TheMasterIsKilledAndNothingIsForgotten) {
  cluster_.create("one", waits_for("go") + "0");
  const std::string id = cluster_.deploy("one");
  cluster_.await_status(id, 0);
  const pid_t pid = await_pid("go");

  cluster_.master().kill();
  EXPECT_TRUE(process_exists(pid));
  cluster_.start_master();
  // Known before any agent is back; the node is not marked dead.
  EXPECT_EQ(0, cluster_.status(id));
  ASSERT_EQ(1u, cluster_.nodes().size());
  EXPECT_EQ(0, cluster_.nodes()[0].second);
  EXPECT_NE(std::string::npos,
            cluster_.post("/api/task/query", R"({"name":"one"})").body.find("task_groups"));

  EXPECT_TRUE(process_exists(pid));
  touch("go");
  cluster_.await_status(id, 1);
}

TEST_F(Survival, WhatEndedWhileTheMasterWasAwayArrives) {
  cluster_.create("one", waits_for("go") + "0");
  const std::string id = cluster_.deploy("one");
  const pid_t pid = await_pid("go");
  cluster_.master().kill();
  touch("go");
  EXPECT_TRUE(eventually([pid] { return !process_exists(pid); }));
  cluster_.start_master();
  cluster_.await_status(id, 1);
}

TEST_F(Survival, TheAgentIsKilledAndItsTasksRunOn) {
  cluster_.create("one", waits_for("first") + "0");
  cluster_.create("two", waits_for("second") + "0");
  const std::string first = cluster_.deploy("one");
  const std::string second = cluster_.deploy("two");
  const pid_t first_pid = await_pid("first");
  const pid_t second_pid = await_pid("second");

  cluster_.agent(0).kill();
  // One ends while there is no agent.
  touch("first");
  EXPECT_TRUE(eventually([first_pid] { return !process_exists(first_pid); }));
  EXPECT_TRUE(process_exists(second_pid));
  cluster_.start_agent(0);
  cluster_.await_status(first, 1);
  EXPECT_EQ(0, cluster_.status(second));
  EXPECT_TRUE(process_exists(second_pid));
  touch("second");
  cluster_.await_status(second, 1);
}

TEST_F(Survival, TheSupervisorIsKilledAndItsTasksAreLostNotSucceeded) {
  const std::string id = lose_a_task_to(SIGKILL);
  cluster_.agent(0).await_line("lost");
  // The node goes on with a new supervisor.
  cluster_.create("two", "exit 0");
  const std::string next = cluster_.deploy("two");
  cluster_.await_status(next, 1);
  EXPECT_TRUE(processes_with("DROVER_INSTANCE_ID=" + id).empty());
}

TEST_F(Survival, TheSupervisorIsStoppedAndItsTasksAreLostNotFailed) {
  const std::string id = lose_a_task_to(SIGTERM);
  const std::string told = cluster_.get("/api/v1/instances/" + id).body;
  EXPECT_NE(std::string::npos, told.find(R"("state":"lost")")) << told;
  EXPECT_EQ(std::string::npos, told.find(R"("signal")")) << told;
}

TEST_F(Survival, MasterAndAgentAreKilledTogether) {
  cluster_.create("one", waits_for("go") + "0");
  const std::string id = cluster_.deploy("one");
  const pid_t pid = await_pid("go");
  cluster_.master().kill();
  cluster_.agent(0).kill();
  EXPECT_TRUE(process_exists(pid));
  cluster_.start_master();
  cluster_.start_agent(0);
  cluster_.await_online(1);
  EXPECT_EQ(0, cluster_.status(id));
  EXPECT_TRUE(process_exists(pid));
  touch("go");
  cluster_.await_status(id, 1);
}

TEST_F(Survival, AStopThatWasAcknowledgedSurvivesTheMaster) {
  cluster_.create("one", waits_for("never") + "0");
  const std::string id = cluster_.deploy("one");
  const pid_t pid = await_pid("never");
  cluster_.agent(0).signal(SIGSTOP);
  cluster_.stop(id);
  cluster_.master().kill();
  cluster_.agent(0).signal(SIGCONT);
  cluster_.start_master();
  EXPECT_TRUE(eventually([pid] { return !process_exists(pid); }));
  cluster_.await_status(id, 1);
}

TEST_F(Survival, ACleanStopOfTheAgentLeavesItsTasksRunning) {
  cluster_.create("one", waits_for("go") + "0");
  const std::string id = cluster_.deploy("one");
  const pid_t pid = await_pid("go");
  cluster_.agent(0).signal(SIGTERM);
  EXPECT_EQ(0, cluster_.agent(0).wait());
  EXPECT_NE(std::string::npos, cluster_.agent(0).output().find("tasks left running"));
  EXPECT_TRUE(eventually([&] { return cluster_.nodes().at(0).second == 1; }));
  EXPECT_TRUE(process_exists(pid));
  cluster_.start_agent(0);
  cluster_.await_online(1);
  touch("go");
  cluster_.await_status(id, 1);
}

TEST_F(Survival, AMasterWithAnOldCopyOfTheDataIsNotObeyedUnlessToldSo) {
  const std::string data = cluster_.directory() + "/master";
  cluster_.master().signal(SIGTERM);
  cluster_.master().wait();
  std::filesystem::copy(data, path("backup"), std::filesystem::copy_options::recursive);
  for (const char* epoch : {"epoch=2", "epoch=3"}) {
    cluster_.start_master();
    cluster_.agent(0).await_line(epoch);
    cluster_.master().kill();
  }
  std::filesystem::remove_all(data);
  std::filesystem::rename(path("backup"), data);

  cluster_.start_master();
  const auto refusal = cluster_.master().await_line("has obeyed epoch 3");
  ASSERT_TRUE(refusal.has_value());
  EXPECT_NE(std::string::npos, refusal->find("--minimum-epoch 4")) << *refusal;
  cluster_.master().kill();
  cluster_.start_master({"--minimum-epoch", "4"});
  cluster_.master().await_line("agent connected");
}

}  // namespace
}  // namespace drover::test
