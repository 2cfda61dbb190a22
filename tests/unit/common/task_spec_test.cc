#include "common/task_spec.h"

#include <gtest/gtest.h>

#include <csignal>

#include "common/limits.h"

namespace drover {
namespace {

TEST(TaskSpecTest, ZeroIsTheSuccessUnlessCodesAreGiven) {
  TaskSpec task;
  EXPECT_TRUE(task.is_success(0));
  EXPECT_FALSE(task.is_success(3));
  task.success_exit_codes = {0, 3};
  EXPECT_TRUE(task.is_success(0));
  EXPECT_TRUE(task.is_success(3));
  EXPECT_FALSE(task.is_success(1));
  task.success_exit_codes = {3};
  EXPECT_FALSE(task.is_success(0)) << "the list is the whole of it";
}

TEST(TaskSpecTest, WhatIsNotGivenHasADefault) {
  const TaskSpec task;
  EXPECT_EQ(task.stop_signal_number(), SIGTERM);
  EXPECT_EQ(LogSpec().bytes(), limits::kOutputFileBytes);
  EXPECT_EQ(LogSpec().file_count(), 2U);
}

TEST(TaskSpecTest, AStopSignalOfAnotherVersionIsTerm) {
  TaskSpec task;
  task.stop_signal = "SIGQUIT";
  EXPECT_EQ(task.stop_signal_number(), SIGQUIT);
  task.stop_signal = "SIGNEW";
  EXPECT_EQ(task.stop_signal_number(), SIGTERM);
}

TEST(RestartSpec, PausesDoubleUpToTheLongest) {
  using std::chrono::seconds;
  const RestartSpec bare{RestartPolicy::always};
  EXPECT_EQ(bare.pause(0), seconds(1));
  EXPECT_EQ(bare.pause(1), seconds(2));
  EXPECT_EQ(bare.pause(5), seconds(32));
  EXPECT_EQ(bare.pause(6), seconds(60));
  EXPECT_EQ(bare.pause(4'000'000'000), seconds(60));
  RestartSpec slow{RestartPolicy::always, {}, {}, seconds(90), {}};
  EXPECT_EQ(slow.pause(0), seconds(90));
  EXPECT_EQ(slow.pause(1), seconds(90)) << "the usual longest pause is shorter than its first";
  slow.max_delay = seconds(100);
  EXPECT_EQ(slow.pause(1), seconds(100));
}

TEST(RestartSpec, WhatAnotherProgramSaysStaysWithinTheLimits) {
  using std::chrono::milliseconds;
  constexpr auto kEver = milliseconds::max();
  const RestartSpec wild{RestartPolicy::always, 4'000'000'000, kEver, kEver, kEver};
  EXPECT_EQ(wild.most(), limits::kMostRestarts);
  EXPECT_EQ(wild.window(), milliseconds(limits::kLongestRestartsWithin));
  EXPECT_EQ(wild.pause(100), milliseconds(limits::kLongestRestartDelay));
  const RestartSpec hasty{
      RestartPolicy::always, {}, milliseconds(-1), milliseconds(0), milliseconds(-5)};
  EXPECT_EQ(hasty.pause(3), milliseconds(limits::kShortestRestartDelay));
  EXPECT_EQ(hasty.window(), milliseconds(0));
}

}  // namespace
}  // namespace drover
