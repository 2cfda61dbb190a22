#include "cli/text/sizes.h"

#include <gtest/gtest.h>

namespace drover::cli {
namespace {

TEST(SizeText, HasThreeDigitsAtTheMost) {
  EXPECT_EQ(size_text(0), "0 B");
  EXPECT_EQ(size_text(1023), "1023 B");
  EXPECT_EQ(size_text(1024), "1 KiB");
  EXPECT_EQ(size_text(1536), "1.5 KiB");
  EXPECT_EQ(size_text(10 * 1024), "10 KiB");
  EXPECT_EQ(size_text((std::uint64_t{1} << 30) - 1), "1 GiB");
  EXPECT_EQ(size_text(std::uint64_t{64} << 30), "64 GiB");
  EXPECT_EQ(size_text(UINT64_MAX), "16 EiB");
}

}  // namespace
}  // namespace drover::cli
