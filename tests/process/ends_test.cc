// How an attempt ends: exit codes, signals, and programs that cannot be run.
#include <cerrno>
#include <csignal>
#include <filesystem>

#include "common/limits.h"
#include "tests/process/supervisor_fixture.h"

namespace drover::supervisor {
namespace {

namespace fs = std::filesystem;

class EndsTest : public SupervisorTest {
 protected:
  void expect_spawn_failure(const Status& status, int error_number, const std::string& step) {
    EXPECT_EQ(status.end_case(), Status::kSpawnFailure);
    EXPECT_EQ(status.spawn_failure().error_number(), error_number);
    EXPECT_EQ(status.spawn_failure().step(), step);
  }
  std::string make_program(const std::string& name, const std::string& content) {
    const std::string path = directory().write(name, content);
    fs::permissions(path, fs::perms::owner_all);
    return path;
  }
};

TEST_P(EndsTest, ExitCodesAreToldAsTheyAre) {
  for (const int code : {0, 1, 255}) {
    const std::string key = "exit" + std::to_string(code);
    const Status status = run(key, {"sh", "-c", "exit " + std::to_string(code)});
    EXPECT_EQ(status.end_case(), Status::kExitCode);
    EXPECT_EQ(status.exit_code(), code);
    EXPECT_GT(status.pid(), 0);
    EXPECT_GE(status.ended_unix_ms(), status.started_unix_ms());
  }
}

TEST_P(EndsTest, SignalsAreToldAsTheyAre) {
  for (const int number : {SIGTERM, SIGSEGV, SIGKILL}) {
    const std::string key = "signal" + std::to_string(number);
    const Status status = run(key, {"sh", "-c", "kill -" + std::to_string(number) + " $$"});
    EXPECT_EQ(status.end_case(), Status::kSignal);
    EXPECT_EQ(status.signal(), number);
  }
}

TEST_P(EndsTest, WhetherASignalHadReachedItIsTold) {
  EXPECT_FALSE(run("itself", {"sh", "-c", "kill -TERM $$"}).signalled());
  spawn("told", {"sleep", "1000"});
  await_running("told");
  signal("told", SIGTERM);
  EXPECT_TRUE(await_end("told").signalled());
  run("late", {"true"});
  kill("late");
  settle();
  EXPECT_FALSE(known("late")->signalled());
}

TEST_P(EndsTest, ProcessorTimeIsToldWithTheEnd) {
  probe("idle", "burn", "0");
  probe("busy", "burn", "200");
  const std::uint64_t idle = await_end("idle").cpu_us();
  const std::uint64_t busy = await_end("busy").cpu_us();
  EXPECT_GE(busy, 200'000U);
  EXPECT_LT(busy, 200'000U + 10 * idle + 100'000U);
  EXPECT_LT(idle, 100'000U);
  // The place of the busy one is used again.
  for (int next = 0; next < 4; ++next) {
    const std::string key = "next" + std::to_string(next);
    probe(key, "burn", "0");
    EXPECT_LT(await_end(key).cpu_us(), 100'000U);
  }
}

TEST_P(EndsTest, ProcessorTimeIsOfAllProcessesWhereTheyAreHeldTogether) {
  if (snapshot().cgroup().empty()) GTEST_SKIP() << "without cgroups nobody counts it";
  probe("parent", "burn-in-child", "200");
  EXPECT_GE(await_end("parent").cpu_us(), 200'000U);
}

TEST_P(EndsTest, TheLargestMemoryIsToldWithTheEnd) {
  constexpr std::uint64_t kBytes = 64 << 20;
  probe("large", "eat", std::to_string(kBytes));
  const std::uint64_t large = await_end("large").memory_peak_bytes();
  EXPECT_GE(large, kBytes);
  EXPECT_LT(large, 8 * kBytes);
  // Not that of the supervisor, in which its life begins.
  EXPECT_LT(run("small", {"true"}).memory_peak_bytes(), kBytes);
  const Status failed = run("none", {"/no/such/program"});
  EXPECT_EQ(failed.cpu_us(), 0U);
  EXPECT_EQ(failed.memory_peak_bytes(), 0U);
}

TEST_P(EndsTest, WhatDoesNotExistCannotBeRun) {
  expect_spawn_failure(run("path", {"/no/such/program"}), ENOENT, "exec");
  expect_spawn_failure(run("name", {"no-such-program"}), ENOENT, "exec");
  expect_spawn_failure(run("empty", {""}), ENOENT, "exec");
}

TEST_P(EndsTest, WhatIsNotExecutableCannotBeRun) {
  const std::string path = directory().write("plain", "#!/bin/sh\n");
  expect_spawn_failure(run("file", {path}), EACCES, "exec");
  expect_spawn_failure(run("directory", {directory().path()}), EACCES, "exec");
}

TEST_P(EndsTest, NotExecutableCountsMoreThanNotThere) {
  directory().write("plain", "#!/bin/sh\n");
  Spawn request = command("a", {"plain"});
  request.clear_environment();
  request.add_environment("PATH=/no/such/directory:" + directory().path() + ":/bin");
  spawn(request);
  expect_spawn_failure(await_end("a"), EACCES, "exec");
}

TEST_P(EndsTest, ABadInterpreterIsNotThere) {
  expect_spawn_failure(run("a", {make_program("bad", "#!/no/such/interpreter\n")}), ENOENT, "exec");
}

TEST_P(EndsTest, AScriptWithoutInterpreterIsGivenToTheShell) {
  const std::string path = make_program("script", "echo \"$0 $1 $#\"\nexit 7\n");
  const Status status = run("a", {path, "one", "two words"});
  EXPECT_EQ(status.exit_code(), 7);
  EXPECT_EQ(output("a"), path + " one 2\n");
}

TEST_P(EndsTest, AForeignBinaryIsNotGivenToTheShell) {
  const std::string path = make_program("binary", std::string("\x7f"
                                                              "ELF\0\0\0garbage",
                                                              14));
  expect_spawn_failure(run("a", {path}), ENOEXEC, "exec");
}

TEST_P(EndsTest, TheFirstOfPathIsRun) {
  fs::create_directories(directory() / "one");
  fs::create_directories(directory() / "two");
  make_program("one/program", "#!/bin/sh\nexit 1\n");
  make_program("two/program", "#!/bin/sh\nexit 2\n");
  Spawn request = command("a", {"program"});
  request.clear_environment();
  request.add_environment("PATH=/nowhere:" + (directory() / "two") + ":" + (directory() / "one"));
  spawn(request);
  EXPECT_EQ(await_end("a").exit_code(), 2);
}

TEST_P(EndsTest, AMissingWorkingDirectoryIsNamed) {
  Spawn request = command("a", {"true"});
  request.set_working_dir(directory() / "missing");
  spawn(request);
  expect_spawn_failure(await_end("a"), ENOENT, "chdir");
}

TEST_P(EndsTest, PathsMustBeAbsoluteAndWhole) {
  Spawn relative = command("relative", {"true"});
  relative.set_stdout_path("relative/out");
  spawn(relative);
  expect_spawn_failure(await_end("relative"), EINVAL, "request");
  Spawn cut = command("cut", {"true"});
  cut.add_arguments(std::string("a\0b", 3));
  spawn(cut);
  expect_spawn_failure(await_end("cut"), EINVAL, "request");
}

TEST_P(EndsTest, AThousandAtOnceAllEndAndLeaveNothing) {
  run("warm", {"true"});
  const int descriptors = open_descriptors();
  for (int i = 0; i < 1000; ++i) {
    spawn("a" + std::to_string(i), {"sh", "-c", "exit " + std::to_string(i % 256)});
  }
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(await_end("a" + std::to_string(i)).exit_code(), i % 256);
    forget("a" + std::to_string(i));
  }
  settle();
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_EQ(child_count(), 0);
}

TEST_P(EndsTest, WhatRunsForLongHoldsNothingButItsOutput) {
  run("warm", {"true"});
  const int descriptors = open_descriptors();
  constexpr int kTasks = 3 * static_cast<int>(limits::kSupervisorIdleCgroups);
  for (int i = 0; i < kTasks; ++i) spawn("a" + std::to_string(i), {"sleep", "600"});
  for (int i = 0; i < kTasks; ++i) await_running("a" + std::to_string(i));
  constexpr int kEach = 3;  // two pipes and a pidfd
  EXPECT_EQ(open_descriptors(), descriptors + kEach * kTasks);
  for (int i = 0; i < kTasks; ++i) kill("a" + std::to_string(i));
  for (int i = 0; i < kTasks; ++i) await_end("a" + std::to_string(i));
  EXPECT_EQ(open_descriptors(), descriptors);
}

TEST_P(EndsTest, FailuresLeaveNothing) {
  run("warm", {"/no/such/program"});
  const int descriptors = open_descriptors();
  for (int i = 0; i < 100; ++i) run("a" + std::to_string(i), {"/no/such/program"});
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_EQ(child_count(), 0);
}

DROVER_WITH_BOTH_CONTAINMENTS(EndsTest);

}  // namespace
}  // namespace drover::supervisor
