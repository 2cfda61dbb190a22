// No process outlives its attempt, and signals reach all of an attempt and nothing else.
#include <csignal>

#include "tests/process/supervisor_fixture.h"

namespace drover::supervisor {
namespace {

class ContainmentTest : public SupervisorTest {
 protected:
  void expect_daemon_dies_with_its_task(const std::string& what) {
    const std::string fifo = make_fifo(what + ".fifo");
    probe(what, what, fifo);
    await_running(what);
    const Watched daemon = await_report(fifo);
    signal(what, SIGUSR1);
    EXPECT_EQ(await_end(what).end_case(), Status::kExitCode) << what;
    EXPECT_TRUE(daemon.goes()) << what;
    await_no_children();
  }
};

TEST_P(ContainmentTest, NothingOutlivesTheMainProcess) {
  expect_daemon_dies_with_its_task("daemon");
  expect_daemon_dies_with_its_task("double-daemon");
  expect_daemon_dies_with_its_task("hidden-daemon");
}

TEST_P(ContainmentTest, ADaemonOfALivingTaskLives) {
  const std::string fifo = make_fifo("fifo");
  probe("family", "family", fifo);
  await_running("family");
  const Watched daemon = await_report(fifo);
  EXPECT_EQ(run("other", {"true"}).exit_code(), 0);
  EXPECT_FALSE(daemon.is_gone());
  kill("family");
  EXPECT_EQ(await_end("family").signal(), SIGKILL);
  EXPECT_TRUE(daemon.goes());
}

TEST_P(ContainmentTest, ASignalReachesEveryProcessOfTheTaskAndNoOther) {
  const std::string fifo = make_fifo("fifo");
  const std::string other_fifo = make_fifo("other");
  probe("family", "family", fifo);
  probe("other", "family", other_fifo);
  await_running("other");
  const Watched daemon = await_report(fifo);
  const Watched other = await_report(other_fifo);
  signal("family", SIGUSR1);
  EXPECT_EQ(await_end("family").signal(), SIGUSR1);
  EXPECT_TRUE(daemon.goes());
  EXPECT_FALSE(other.is_gone());
  EXPECT_EQ(known("other")->end_case(), Status::END_NOT_SET);
}

TEST_P(ContainmentTest, ATaskMayIgnoreATermButNotAKill) {
  const std::string fifo = make_fifo("fifo");
  probe("a", "stubborn", fifo);
  await_running("a");
  const Watched process = await_report(fifo);
  signal("a", SIGTERM);
  settle();
  EXPECT_FALSE(process.is_gone());
  kill("a");
  EXPECT_EQ(await_end("a").signal(), SIGKILL);
}

TEST_P(ContainmentTest, AStoppedTaskCanBeKilled) {
  const std::string fifo = make_fifo("fifo");
  probe("a", "family", fifo);
  await_running("a");
  const Watched daemon = await_report(fifo);
  signal("a", SIGSTOP);
  kill("a");
  EXPECT_EQ(await_end("a").signal(), SIGKILL);
  EXPECT_TRUE(daemon.goes());
}

TEST_P(ContainmentTest, SignalsToWhatEndedOrNeverWasDoNothing) {
  run("a", {"true"});
  signal("a", SIGTERM);
  kill("a");
  signal("unknown", SIGTERM);
  kill("unknown");
  settle();
  EXPECT_EQ(known("a")->exit_code(), 0);
}

TEST_P(ContainmentTest, DegradationIsTold) {
  EXPECT_EQ(lacks("cgroup"), GetParam() == "process-group");
}

DROVER_WITH_BOTH_CONTAINMENTS(ContainmentTest);

}  // namespace
}  // namespace drover::supervisor
