// The real agent and supervisor, real tasks, and a master that the test plays.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/scenario/agent/agent_fixture.h"
#include "tests/support/process.h"

namespace drover::agent {
namespace {

using fake::allocation_ref;
using fake::end_of;
using fake::FakeMaster;
using fake::group_of;
using Heard = FakeMaster::Heard;
using testing::HasSubstr;
using testing::Not;

TEST_F(AgentProgramTest, IntroducesItself) {
  start_agent({"--label", "zone=north", "--label", "disk=ssd", "--advertise-ip", "192.0.2.7"});
  const v1::Hello first = hello(1);
  EXPECT_EQ(first.node_id().size(), 16U);
  EXPECT_EQ(first.node_secret().size(), 32U);
  EXPECT_EQ(first.boot_id().size(), 36U);
  EXPECT_EQ(first.advertise_ip(), "192.0.2.7");
  EXPECT_EQ(first.labels_size(), 2);
  EXPECT_GE(first.cpu_count(), 1U);
  EXPECT_GT(first.memory_bytes(), 0U);
  // Only then has it taken the welcome, which is what makes the stop a goodbye.
  EXPECT_TRUE(
      test::eventually([this] { return agent_.log().find(" ready ") != std::string::npos; }));
  EXPECT_EQ(agent_.stop(), 0);
  EXPECT_THAT(agent_.log(), HasSubstr("tasks left running count=0"));
  master_->wait_until([](const Heard& heard) { return heard.back().goodbye(); });

  start_agent();
  const v1::Hello second = hello(2);
  EXPECT_EQ(second.node_id(), first.node_id());
  EXPECT_EQ(second.node_secret(), first.node_secret());
  EXPECT_EQ(second.highest_epoch(), 1U);
  EXPECT_EQ(second.advertise_ip(), "127.0.0.1");
}

TEST_F(AgentProgramTest, RunsTheTasksOfAGroupSideBySide) {
  start_agent();
  const std::string meeting = agent_.state_dir() + "/meeting";
  ASSERT_EQ(::mkfifo(meeting.c_str(), 0600), 0);
  // Each side of a pipe waits for the other: one after the other they would hang.
  master_->start(
      group_of(1, {"echo hello > " + meeting, "cat " + meeting, "echo out; echo err >&2; exit 3",
                   "kill -TERM $$", "/no/such/program with arguments", "/etc/passwd", "/tmp/"}));
  EXPECT_EQ(wait_for_end(1, 0).exit_code(), 0);
  EXPECT_EQ(wait_for_end(1, 1).exit_code(), 0);
  EXPECT_EQ(wait_for_end(1, 2).exit_code(), 3);
  EXPECT_EQ(wait_for_end(1, 3).signal(), SIGTERM);
  EXPECT_EQ(wait_for_end(1, 4).spawn_failure().error_number(), ENOENT);
  EXPECT_EQ(wait_for_end(1, 5).spawn_failure().error_number(), EACCES);
  EXPECT_EQ(wait_for_end(1, 6).spawn_failure().error_number(), EACCES);
  for (std::uint32_t task = 0; task < 7; ++task) EXPECT_FALSE(wait_for_end(1, task).stopped());
  EXPECT_EQ(agent_.output_of(1, 1, "stdout"), "hello\n");
  EXPECT_EQ(agent_.output_of(1, 2, "stdout"), "out\n");
  EXPECT_EQ(agent_.output_of(1, 2, "stderr"), "err\n");
}

TEST_F(AgentProgramTest, GivesATaskItsOwnEnvironmentAndDirectory) {
  start_agent();
  v1::StartAllocation start = group_of(1, {"env -0 | tr '\\0' '\\n'; pwd"});
  (*start.mutable_tasks(0)->mutable_env())["GREETING"] = "ni hao";
  start.set_group("workers");
  start.set_index(3);
  master_->start(start);
  EXPECT_EQ(wait_for_end(1).exit_code(), 0);
  const std::string output = agent_.output_of(1, 0, "stdout");
  EXPECT_THAT(output, HasSubstr("GREETING=ni hao\n"));
  EXPECT_THAT(output, HasSubstr("DROVER_TASK=task0\n"));
  EXPECT_THAT(output, HasSubstr("DROVER_GROUP=workers\n"));
  EXPECT_THAT(output, HasSubstr("DROVER_INDEX=3\n"));
  EXPECT_THAT(output, HasSubstr("LANG=C.UTF-8\n"));
  EXPECT_THAT(output, Not(HasSubstr("OLDPWD")));
  EXPECT_THAT(output, HasSubstr(agent_.work_of(1) + "\n"));
}

TEST_F(AgentProgramTest, StopsWithTheGraceAndKillsThen) {
  start_agent();
  v1::StartAllocation polite = group_of(
      1, {"trap 'exit 5' TERM; echo up > " + pipe_path("one") + "; while :; do sleep 0.01; done"});
  v1::StartAllocation stubborn = group_of(
      2, {"trap '' TERM; echo up > " + pipe_path("two") + "; while :; do sleep 0.01; done"});
  stubborn.mutable_tasks(0)->set_stop_grace_ms(200);
  master_->start(polite);
  master_->start(stubborn);
  EXPECT_EQ(hear("one"), "up\n");
  EXPECT_EQ(hear("two"), "up\n");
  master_->stop(allocation_ref(1));
  master_->stop(allocation_ref(2));
  master_->stop(allocation_ref(2));
  const v1::End one = wait_for_end(1);
  EXPECT_EQ(one.exit_code(), 5);
  EXPECT_TRUE(one.stopped());
  const v1::End two = wait_for_end(2);
  EXPECT_EQ(two.signal(), SIGKILL);
  EXPECT_TRUE(two.stopped());
}

TEST_F(AgentProgramTest, IgnoresASupersededMaster) {
  start_agent();
  v1::MasterMessage newer;
  newer.set_epoch(9);
  master_->send(newer);
  v1::MasterMessage older;
  older.set_epoch(8);
  *older.add_commands()->mutable_start() = group_of(1, {"true"});
  master_->send(older);
  v1::MasterMessage current;
  current.set_epoch(9);
  *current.add_commands()->mutable_start() = group_of(2, {"true"});
  master_->send(current);
  wait_for_end(2);
  agent_.kill_9();
  start_agent();
  EXPECT_EQ(hello(2).highest_epoch(), 9U);
  ASSERT_EQ(hello(2).allocations_size(), 1);
  EXPECT_EQ(hello(2).allocations(0).instance_id(), allocation_ref(2).instance_id());
}

TEST_F(AgentProgramTest, ItsTasksOutliveItAndTheirEndsArrive) {
  start_agent();
  master_->start(group_of(1, {"read x < " + pipe_path("one") + "; exit 42",
                              "read x < " + pipe_path("two") + "; exit 43"}));
  wait_until_running(1, 0);
  wait_until_running(1, 1);
  agent_.kill_9();
  let_go("one");
  start_agent();
  EXPECT_EQ(wait_for_end(1, 0).exit_code(), 42) << "it ended while no agent was there, or just now";
  let_go("two");
  EXPECT_EQ(wait_for_end(1, 1).exit_code(), 43);

  agent_.kill_9();
  start_agent();
  const v1::Hello third = hello(3);
  ASSERT_EQ(third.attempts_size(), 2) << "ends are kept until the master removes the allocation";
  EXPECT_EQ(third.attempts(0).end().exit_code(), 42);
  EXPECT_EQ(third.attempts(1).end().exit_code(), 43);
  master_->remove(allocation_ref(1));
  master_->start(group_of(2, {"true"}));
  wait_for_end(2);
  agent_.kill_9();
  start_agent();
  EXPECT_EQ(hello(4).allocations_size(), 1);
}

TEST_F(AgentProgramTest, TasksOfADeadSupervisorAreLost) {
  start_agent();
  master_->start(group_of(1, {"exit 7", "sleep 1000"}));
  EXPECT_EQ(wait_for_end(1, 0).exit_code(), 7);
  wait_until_running(1, 1);
  agent_.kill_supervisor_9();
  const v1::End lost = wait_for_end(1, 1);
  EXPECT_EQ(lost.cause_case(), v1::End::kLost);
  EXPECT_EQ(lost.lost(), "the supervisor that ran it is gone");
  EXPECT_EQ(wait_for_end(1, 0).exit_code(), 7) << "what was known stays";
  // A new supervisor is there for what comes next.
  master_->start(group_of(2, {"exit 8"}));
  EXPECT_EQ(wait_for_end(2).exit_code(), 8);
}

TEST_F(AgentProgramTest, BothDeadAtOnce) {
  start_agent();
  master_->start(group_of(1, {"exit 7", "sleep 1000"}));
  EXPECT_EQ(wait_for_end(1, 0).exit_code(), 7);
  wait_until_running(1, 1);
  agent_.kill_9();
  agent_.kill_supervisor_9();
  start_agent();
  EXPECT_EQ(wait_for_end(1, 1).cause_case(), v1::End::kLost);
  const v1::Hello second = hello(2);
  ASSERT_EQ(second.attempts_size(), 2);
  EXPECT_EQ(second.attempts(0).end().exit_code(), 7) << "it was in the journal";
}

TEST_F(AgentProgramTest, AMasterThatIsAwayTouchesNoTask) {
  start_agent();
  master_->start(group_of(1, {"read x < " + pipe_path("one") + "; exit 42"}));
  wait_until_running(1);
  master_->die();
  let_go("one");
  restart_master({.epoch = 2});
  master_->wait_for_sessions(++sessions_);
  EXPECT_EQ(wait_for_end(1).exit_code(), 42);
  EXPECT_EQ(agent_.stop(), 0);
}

TEST_F(AgentProgramTest, ACleanStopLeavesTasksRunning) {
  start_agent();
  master_->start(group_of(1, {"read x < " + pipe_path("one") + "; exit 42"}));
  wait_until_running(1);
  EXPECT_EQ(agent_.stop(), 0);
  EXPECT_THAT(agent_.log(), HasSubstr("tasks left running count=1"));
  start_agent();
  let_go("one");
  EXPECT_EQ(wait_for_end(1).exit_code(), 42);
}

TEST_F(AgentProgramTest, RemovingKillsAndCleansUp) {
  start_agent();
  master_->start(group_of(1, {"sleep 1000"}));
  wait_until_running(1);
  const std::string work = agent_.work_of(1);
  EXPECT_TRUE(std::filesystem::exists(work));
  master_->remove(allocation_ref(1));
  EXPECT_EQ(wait_for_end(1).signal(), SIGKILL);
  EXPECT_TRUE(wait_for_end(1).stopped());
  master_->start(group_of(2, {"true"}));
  wait_for_end(2);
  EXPECT_FALSE(std::filesystem::exists(work)) << "nothing was in it";
}

TEST_F(AgentProgramTest, ManyShortTasksEachEndOnce) {
  start_agent();
  constexpr int kGroups = 200;
  for (int number = 0; number < kGroups; ++number) {
    master_->start(group_of(static_cast<std::uint8_t>(number),
                            {"exit " + std::to_string(number), "/bin/true"}));
  }
  const auto ends = [](const Heard& heard) {
    int count = 0;
    for (const auto& message : heard) {
      for (const auto& report : message.attempts()) count += report.has_end() ? 1 : 0;
    }
    return count;
  };
  const Heard heard =
      master_->wait_until([&](const Heard& so_far) { return ends(so_far) >= 2 * kGroups; });
  EXPECT_EQ(ends(heard), 2 * kGroups);
  for (int number = 0; number < kGroups; ++number) {
    const auto id = static_cast<std::uint8_t>(number);
    ASSERT_TRUE(end_of(heard, id, 0) && end_of(heard, id, 1));
    EXPECT_EQ(end_of(heard, id, 0)->exit_code(), number);
    EXPECT_EQ(end_of(heard, id, 1)->exit_code(), 0);
  }
}

// --- What is wrong is said in one line ---------------------------------------------------------

class AgentUsage : public testing::Test {
 protected:
  // Runs an agent that cannot start; returns its exit status.
  int run(const std::vector<std::string>& arguments) {
    agent_.start(arguments);
    const int status = agent_.wait_for_exit();
    const std::string log = agent_.log();
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
    EXPECT_THAT(log, testing::StartsWith("drover-agent: "));
    return status;
  }
  AgentProgram agent_;
};

class WrongFlag : public AgentUsage,
                  public testing::WithParamInterface<std::vector<std::string>> {};

TEST_P(WrongFlag, IsOneLineAndStatus2) { EXPECT_EQ(run(GetParam()), 2); }

INSTANTIATE_TEST_SUITE_P(Flags, WrongFlag,
                         testing::Values(std::vector<std::string>{"--no-such-flag"},
                                         std::vector<std::string>{"--master", "nowhere"},
                                         std::vector<std::string>{"--master", "127.0.0.1:0"},
                                         std::vector<std::string>{"--master", "127.0.0.1:8421,x"},
                                         std::vector<std::string>{"--advertise-ip", "999.1.1.1"},
                                         std::vector<std::string>{"--label", "novalue"},
                                         std::vector<std::string>{"--label", "a b=c"},
                                         std::vector<std::string>{"--label", "a=1", "--label",
                                                                  "a=2"}));

TEST_F(AgentUsage, ADirectoryThatIsAFile) {
  std::ofstream(agent_.state_dir()) << "text";
  EXPECT_EQ(run({}), 1);
  EXPECT_THAT(agent_.log(), HasSubstr(agent_.state_dir()));
}

TEST_F(AgentUsage, ASocketPathThatIsTooLong) {
  EXPECT_EQ(run({"--supervisor-socket", "/tmp/" + std::string(200, 'x')}), 1);
  EXPECT_THAT(agent_.log(), HasSubstr("choose a shorter --state-dir"));
}

TEST_F(AgentUsage, ADirectoryThatIsInUse) {
  std::filesystem::create_directory(agent_.state_dir());
  const UniqueFd lock(
      ::open((agent_.state_dir() + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
  EXPECT_EQ(run({}), 1);
  EXPECT_THAT(agent_.log(), HasSubstr("another drover-agent"));
}

TEST_F(AgentUsage, ADamagedIdentity) {
  std::filesystem::create_directory(agent_.state_dir());
  std::ofstream(agent_.state_dir() + "/identity") << "garbage";
  EXPECT_EQ(run({}), 1);
  EXPECT_THAT(agent_.log(), HasSubstr("identity is damaged"));
}

}  // namespace
}  // namespace drover::agent
