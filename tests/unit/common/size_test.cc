#include "common/size.h"

#include <gtest/gtest.h>

namespace drover {
namespace {

TEST(SizeTest, NumbersWithUnits) {
  EXPECT_EQ(*parse_size("0B"), 0U);
  EXPECT_EQ(*parse_size("17B"), 17U);
  EXPECT_EQ(*parse_size("64KiB"), 65'536U);
  EXPECT_EQ(*parse_size("512MiB"), 536'870'912U);
  EXPECT_EQ(*parse_size("3GiB"), 3'221'225'472U);
  EXPECT_EQ(*parse_size("1TiB"), 1'099'511'627'776U);
  EXPECT_EQ(*parse_size("10MB"), 10'000'000U);
}

TEST(SizeTest, WhatIsNoSizeIsRefusedWithAnExample) {
  for (const char* text : {"", "512", "MiB", "-1MiB", "1.5GiB", "1 MiB", "1mib", "1M", "+1KiB",
                           "99999999999999999999B", "18446744073709551615KiB", "1MiB "}) {
    const auto size = parse_size(text);
    ASSERT_FALSE(size) << text;
    EXPECT_NE(size.error().message.find("\"512MiB\""), std::string::npos);
  }
}

}  // namespace
}  // namespace drover
