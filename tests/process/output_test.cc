// What a task prints is kept, within bounds, and never holds up the task or the supervisor.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "common/limits.h"
#include "tests/process/supervisor_fixture.h"

namespace drover::supervisor {
namespace {

namespace fs = std::filesystem;

class OutputTest : public SupervisorTest {};

TEST_P(OutputTest, BothStreamsAreKeptApart) {
  run("a", {"sh", "-c", "echo out; echo err >&2"});
  EXPECT_EQ(output("a"), "out\n");
  EXPECT_EQ(output("a", ".err"), "err\n");
}

TEST_P(OutputTest, OneFileMayTakeBoth) {
  Spawn request = command("a", {"sh", "-c", "echo one; echo two >&2; echo three"});
  request.set_stderr_path(request.stdout_path());
  spawn(request);
  await_end("a");
  EXPECT_EQ(output("a"), "one\ntwo\nthree\n");
}

TEST_P(OutputTest, SilenceMakesNoFile) {
  run("a", {"true"});
  EXPECT_FALSE(fs::exists(directory() / "out"));
}

TEST_P(OutputTest, AHundredThousandLinesArriveWhole) {
  run("a", {"seq", "100000"});
  std::string expected;
  for (int i = 1; i <= 100'000; ++i) expected += std::to_string(i) + "\n";
  EXPECT_EQ(output("a"), expected);
}

TEST_P(OutputTest, AGigabyteStaysWithinBounds) {
  constexpr std::uint64_t kLimit = 1024 * 1024;
  Spawn request = command("a", {DROVER_PROBE, "flood", "1000000000"});
  request.set_output_limit_bytes(kLimit);
  spawn(request);
  const Status status = await_end("a");
  EXPECT_EQ(status.end_case(), Status::kExitCode);
  EXPECT_EQ(status.exit_code(), 0);
  EXPECT_EQ(status.output_dropped_bytes(), 0U);
  EXPECT_EQ(fs::file_size(output_path("a") + ".1"), kLimit);
  EXPECT_LE(fs::file_size(output_path("a")), kLimit);
}

TEST_P(OutputTest, AFloodDoesNotHoldUpOthers) {
  const std::string fifo = make_fifo("fifo");
  spawn("flood", {"sh", "-c", "exec yes"});
  await_running("flood");
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(run("a" + std::to_string(i), {"true"}).exit_code(), 0);
  }
  EXPECT_EQ(known("flood")->end_case(), Status::END_NOT_SET);
  kill("flood");
  EXPECT_EQ(await_end("flood").signal(), SIGKILL);
}

TEST_P(OutputTest, ATaskMayCloseItsOutput) {
  const std::string fifo = make_fifo("fifo");
  probe("a", "silent", fifo);
  await_running("a");
  const Watched process = await_report(fifo);
  EXPECT_EQ(run("other", {"true"}).exit_code(), 0);
  EXPECT_FALSE(process.is_gone());
  signal("a", SIGTERM);
  EXPECT_EQ(await_end("a").signal(), SIGTERM);
}

TEST_P(OutputTest, WhatCannotBeWrittenIsCounted) {
  directory().write("file", "");
  Spawn request = command("a", {"sh", "-c", "echo 1234567"});
  request.set_stdout_path(directory() / "file/below/a");
  spawn(request);
  const Status status = await_end("a");
  EXPECT_EQ(status.exit_code(), 0);
  EXPECT_EQ(status.output_dropped_bytes(), 8U);
}

TEST_P(OutputTest, AFullDiskHoldsUpNobody) {
  // /dev/full is no regular file, so a file that may not grow stands in for the disk.
  Spawn request = command("a", {DROVER_PROBE, "flood", "10000000"});
  request.set_stdout_path("/proc/self/comm");
  spawn(request);
  const Status status = await_end("a");
  EXPECT_EQ(status.exit_code(), 0);
  EXPECT_GT(status.output_dropped_bytes(), 0U);
}

TEST_P(OutputTest, AnEndWithAnOpenPipeElsewhereIsStillAnEnd) {
  // The test itself holds the task's output open, as a process that got it over a socket would.
  const std::string fifo = make_fifo("fifo");
  probe("a", "stubborn", fifo);
  await_running("a");
  const Watched process = await_report(fifo);
  const std::string pipe = "/proc/" + std::to_string(process.pid()) + "/fd/1";
  const UniqueFd held(::open(pipe.c_str(), O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(held);
  ASSERT_EQ(::write(held.get(), "last words", 10), 10);
  kill("a");
  EXPECT_EQ(await_end("a").signal(), SIGKILL);
  EXPECT_EQ(output("a"), "last words");
}

DROVER_WITH_BOTH_CONTAINMENTS(OutputTest);

}  // namespace
}  // namespace drover::supervisor
