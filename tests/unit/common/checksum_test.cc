#include "common/checksum.h"

#include <gtest/gtest.h>

#include <string>

namespace drover {
namespace {

// The examples of RFC 3720, appendix B.4.
TEST(Checksum, IsTheOneOfTheStandard) {
  EXPECT_EQ(0x8A9136AAu, crc32c(std::string(32, '\0')));
  EXPECT_EQ(0x62A8AB43u, crc32c(std::string(32, '\xff')));
  EXPECT_EQ(0xE3069283u, crc32c("123456789"));
  EXPECT_EQ(0u, crc32c(""));
}

}  // namespace
}  // namespace drover
