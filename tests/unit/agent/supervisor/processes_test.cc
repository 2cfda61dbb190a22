#include "agent/supervisor/processes.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

namespace drover::supervisor {
namespace {

TEST(ProcessesTest, ThisProcessIsFound) {
  const auto own = process_stat(::getpid());
  ASSERT_TRUE(own);
  EXPECT_EQ(own->parent, ::getppid());
  const auto all = all_processes();
  const auto is_own = [&](const ProcessStat& each) {
    return each.pid == own->pid && each.start_ticks == own->start_ticks;
  };
  EXPECT_EQ(std::count_if(all.begin(), all.end(), is_own), 1);
}

TEST(ProcessesTest, DescendantsAreFoundInAnyOrder) {
  const std::vector<ProcessStat> all{{5, 4, 1}, {4, 3, 1}, {3, 2, 1}, {2, 1, 1}, {9, 1, 1}};
  const auto found = descendants(all, {3});
  std::vector<pid_t> pids;
  for (const ProcessStat& info : found) pids.push_back(info.pid);
  EXPECT_EQ(pids, (std::vector<pid_t>{5, 4, 3}));
}

}  // namespace
}  // namespace drover::supervisor
