#include "tests/bench/support/cpu_time.h"

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace drover::bench {
namespace {

void compute(double seconds) {
  const double until = thread_cpu() + seconds;
  while (thread_cpu() < until) {
  }
}

TEST(CpuTime, AProcessTakesWhatItsThreadsDo) {
  const double process = process_cpu(::getpid());
  const double machine = machine_cpu();
  compute(0.05);
  EXPECT_GE(process_cpu(::getpid()) - process, 0.05);
  // Ticks of 10 ms: one may not be over yet.
  EXPECT_GE(machine_cpu() - machine, 0.03);
  EXPECT_LE(process_system_cpu(::getpid()), process_cpu(::getpid()) + 0.02);
}

TEST(CpuTime, ReapedChildrenAreApart) {
  const double before = reaped_cpu(::getpid());
  char program[] = "/bin/sh";
  char flag[] = "-c";
  char script[] = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
  char* const arguments[] = {program, flag, script, nullptr};
  pid_t child = -1;
  ASSERT_EQ(0, ::posix_spawn(&child, program, nullptr, nullptr, arguments, nullptr));
  ASSERT_EQ(child, ::waitpid(child, nullptr, 0));
  EXPECT_GT(reaped_cpu(::getpid()), before);
  EXPECT_THROW(reaped_cpu(child), std::runtime_error);
  EXPECT_THROW(process_cpu(child), std::runtime_error);
}

}  // namespace
}  // namespace drover::bench
