// The supervisor's own beginning and end, the hard one included.
#include <csignal>
#include <filesystem>

#include "agent/supervisor/launch.h"
#include "tests/process/supervisor_fixture.h"

namespace drover::supervisor {
namespace {

class LifetimeTest : public SupervisorTest {
 protected:
  Watched start_family(const std::string& key) {
    const std::string fifo = make_fifo(key + ".fifo");
    probe(key, "family", fifo);
    await_running(key);
    return await_report(fifo);
  }
};

TEST_P(LifetimeTest, AStopEndsAllTasks) {
  const Watched daemon = start_family("a");
  const Watched main(known("a")->pid());
  stop_supervisor();
  EXPECT_TRUE(main.goes());
  EXPECT_TRUE(daemon.goes());
  EXPECT_NE(supervisor_log().find("tasks_killed=1"), std::string::npos);
}

TEST_P(LifetimeTest, WhatDiesOfAStopIsNotToldAsItsOwnEnd) {
  const Watched daemon = start_family("a");
  ASSERT_EQ(run("b", {"true"}).exit_code(), 0);
  supervisor().signal(SIGTERM);
  EXPECT_TRUE(connection_ends());
  EXPECT_TRUE(daemon.goes());
  EXPECT_EQ(known("a")->end_case(), Status::END_NOT_SET);
}

TEST_P(LifetimeTest, TasksDieWithACrashedSupervisorAndDaemonsAtItsNextStart) {
  const Watched daemon = start_family("a");
  const Watched main(known("a")->pid());
  const std::string id = snapshot().supervisor_id();
  crash_supervisor();
  EXPECT_TRUE(main.goes());
  start_supervisor();
  EXPECT_TRUE(daemon.goes());
  attach();
  EXPECT_FALSE(known("a"));
  EXPECT_NE(snapshot().supervisor_id(), id);
  EXPECT_EQ(run("b", {"true"}).exit_code(), 0);
}

TEST_P(LifetimeTest, AnotherContainmentAlsoClearsWhatWasLeft) {
  const Watched daemon = start_family("a");
  crash_supervisor();
  ASSERT_TRUE(supervisor::start_supervisor(DROVER_SUPERVISOR, socket(), "auto"));
  EXPECT_TRUE(daemon.goes());
  attach();
}

TEST_P(LifetimeTest, ASecondSupervisorIsRefused) {
  const auto second = supervisor::start_supervisor(DROVER_SUPERVISOR, socket(), GetParam());
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("another drover-supervisor"), std::string::npos)
      << second.error().message;
  EXPECT_EQ(run("a", {"true"}).exit_code(), 0);
}

TEST_P(LifetimeTest, ASupervisorDoesNotTouchTheTasksOfAnother) {
  const Watched daemon = start_family("a");
  TempDir elsewhere;
  ASSERT_TRUE(supervisor::start_supervisor(DROVER_SUPERVISOR, elsewhere / "socket", GetParam()));
  EXPECT_FALSE(daemon.is_gone());
  EXPECT_EQ(run("b", {"true"}).exit_code(), 0);
  stop_supervisor_at(elsewhere / "socket");
  EXPECT_FALSE(daemon.is_gone());
}

TEST_P(LifetimeTest, TheDirectoryIsMade) {
  const std::string socket_below = directory() / "x/y/socket";
  ASSERT_TRUE(supervisor::start_supervisor(DROVER_SUPERVISOR, socket_below, GetParam()));
  stop_supervisor_at(socket_below);
}

TEST_P(LifetimeTest, AProgramThatIsNotThereIsNamed) {
  const auto started = supervisor::start_supervisor("/no/such/supervisor", socket(), GetParam());
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("/no/such/supervisor"), std::string::npos);
}

TEST_P(LifetimeTest, APathThatIsNoSocketIsLeftAlone) {
  directory().write("file", "precious");
  const auto started =
      supervisor::start_supervisor(DROVER_SUPERVISOR, directory() / "file", GetParam());
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("is not a socket"), std::string::npos)
      << started.error().message;
  EXPECT_TRUE(std::filesystem::exists(directory() / "file"));
}

DROVER_WITH_BOTH_CONTAINMENTS(LifetimeTest);

}  // namespace
}  // namespace drover::supervisor
