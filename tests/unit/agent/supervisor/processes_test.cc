#include "agent/supervisor/processes.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

namespace drover::supervisor {
namespace {

constexpr const char* kAfterName =
    " S 41 42 43 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 10 11 18446744073709551615\n";

TEST(ProcessesTest, TheKernelsLineIsUnderstood) {
  const auto info = parse_process_stat("77 (cat)" + std::string(kAfterName));
  ASSERT_TRUE(info);
  EXPECT_EQ(*info, (ProcessInfo{77, 41, 43, 987654, false}));
}

TEST(ProcessesTest, ANameMayHoldAnything) {
  const auto info = parse_process_stat("77 (a) R 1 2 (b) c)" + std::string(kAfterName));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->parent, 41);
}

TEST(ProcessesTest, HalfALineIsNothing) {
  EXPECT_FALSE(parse_process_stat(""));
  EXPECT_FALSE(parse_process_stat("77"));
  EXPECT_FALSE(parse_process_stat("77 (cat) S 41 42"));
}

TEST(ProcessesTest, ThisProcessIsFound) {
  const auto own = process_info(::getpid());
  ASSERT_TRUE(own);
  EXPECT_EQ(own->parent, ::getppid());
  const auto all = all_processes();
  EXPECT_NE(std::find(all.begin(), all.end(), *own), all.end());
}

TEST(ProcessesTest, DescendantsAreFoundInAnyOrder) {
  const std::vector<ProcessInfo> all{{5, 4, 1}, {4, 3, 1}, {3, 2, 1}, {2, 1, 1}, {9, 1, 1}};
  const auto found = descendants(all, {3});
  std::vector<pid_t> pids;
  for (const ProcessInfo& info : found) pids.push_back(info.pid);
  EXPECT_EQ(pids, (std::vector<pid_t>{5, 4, 3}));
}

}  // namespace
}  // namespace drover::supervisor
