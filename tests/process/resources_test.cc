// Limits of an attempt's cgroup, on a real one where the controllers are to be had.
#include <csignal>

#include "tests/process/supervisor_fixture.h"

namespace drover::supervisor {
namespace {

class ResourcesTest : public SupervisorTest {
 protected:
  Spawn limited(const std::string& key, const std::string& line) const {
    Spawn request = command(key, {"/bin/sh", "-c", line});
    request.mutable_resources()->set_cpu_millis(250);
    request.mutable_resources()->set_memory_bytes(32 * 1024 * 1024);
    return request;
  }
};

// What cannot be enforced is said in the snapshot, and the task runs.
TEST_P(ResourcesTest, ATaskRunsWhateverCanBeEnforced) {
  if (GetParam() == "process-group") {
    EXPECT_TRUE(lacks("cpu_limits"));
    EXPECT_TRUE(lacks("memory_limits"));
  }
  spawn(limited("a", "exit 7"));
  const Status status = await_end("a");
  EXPECT_EQ(status.exit_code(), 7);
  EXPECT_FALSE(status.out_of_memory());
}

constexpr const char* kReadOwn =
    "cd /sys/fs/cgroup/$(sed -n 's/^0:://p' /proc/self/cgroup) && cat ";

TEST_P(ResourcesTest, ShareAndCeilingOfTheProcessor) {
  if (lacks("cpu_limits")) GTEST_SKIP() << "NOT TESTED, the controller cpu is not to be had here";
  spawn(limited("share", std::string(kReadOwn) + "cpu.weight cpu.max"));
  await_end("share");
  EXPECT_EQ(output("share"), "25\nmax 100000\n");
  Spawn hard = limited("hard", std::string(kReadOwn) + "cpu.weight cpu.max");
  hard.mutable_resources()->set_cpu_hard(true);
  spawn(hard);
  await_end("hard");
  EXPECT_EQ(output("hard"), "25\n25000 100000\n");
  // A later attempt has none of it.
  run("free", {"/bin/sh", "-c", std::string(kReadOwn) + "cpu.weight cpu.max"});
  EXPECT_EQ(output("free"), "100\nmax 100000\n");
}

TEST_P(ResourcesTest, OutOfMemoryIsTheEndOfAllOfIt) {
  if (lacks("memory_limits")) {
    GTEST_SKIP() << "NOT TESTED, the controller memory is not to be had here";
  }
  // The shell waits for the one that takes too much, and could report a code of its own.
  spawn(limited("greedy", "tail /dev/zero; exit 3"));
  const Status status = await_end("greedy");
  EXPECT_EQ(status.signal(), SIGKILL);
  EXPECT_TRUE(status.out_of_memory());
  spawn(limited("modest", "exit 0"));
  EXPECT_FALSE(await_end("modest").out_of_memory());
}

TEST_P(ResourcesTest, AnImpossibleLimitHarmsNobodyElse) {
  if (lacks("memory_limits")) {
    GTEST_SKIP() << "NOT TESTED, the controller memory is not to be had here";
  }
  Spawn request = limited("a", "exit 0");
  request.mutable_resources()->set_memory_bytes(4096);
  spawn(request);
  EXPECT_NE(await_end("a").end_case(), Status::kExitCode);
  EXPECT_EQ(run("other", {"true"}).exit_code(), 0);
}

DROVER_WITH_BOTH_CONTAINMENTS(ResourcesTest);

}  // namespace
}  // namespace drover::supervisor
