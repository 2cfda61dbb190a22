#include "common/process_stat.h"

#include <gtest/gtest.h>

#include <string>

namespace drover {
namespace {

constexpr const char* kAfterName =
    " S 41 42 43 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 10 11 18446744073709551615\n";

TEST(ProcessStatTest, TheKernelsLineIsUnderstood) {
  const auto info = parse_process_stat("77 (cat)" + std::string(kAfterName));
  ASSERT_TRUE(info);
  EXPECT_EQ(*info, (ProcessStat{77, 41, 43, 987654, false, 26, 11}));
}

TEST(ProcessStatTest, ANameMayHoldAnything) {
  const auto info = parse_process_stat("77 (a) R 1 2 (b) c)" + std::string(kAfterName));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->parent, 41);
}

TEST(ProcessStatTest, HalfALineIsNothing) {
  EXPECT_FALSE(parse_process_stat(""));
  EXPECT_FALSE(parse_process_stat("77"));
  EXPECT_FALSE(parse_process_stat("77 (cat) S 41 42"));
  EXPECT_FALSE(parse_process_stat("77 (cat) S 41 42 43 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 987654"));
}

}  // namespace
}  // namespace drover
