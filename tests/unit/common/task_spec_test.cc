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

}  // namespace
}  // namespace drover
