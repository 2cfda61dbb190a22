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
  EXPECT_NE(std::find(all.begin(), all.end(), *own), all.end());
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
