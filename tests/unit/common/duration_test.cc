#include "common/duration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drover {
namespace {

using namespace std::chrono_literals;

TEST(DurationTest, ANumberAndAUnit) {
  EXPECT_EQ(*parse_duration("250ms"), 250ms);
  EXPECT_EQ(*parse_duration("10s"), 10s);
  EXPECT_EQ(*parse_duration("5m"), 5min);
  EXPECT_EQ(*parse_duration("2h"), 2h);
  EXPECT_EQ(*parse_duration("0s"), 0s);
}

TEST(DurationTest, TheLongestDoesNotOverflow) {
  EXPECT_EQ(*parse_duration("9999999999h"), std::chrono::hours(9'999'999'999));
}

TEST(DurationTest, AnythingElseIsAnErrorWithAnExample) {
  for (const char* wrong : {"", "s", "10", "-1s", "+1s", "1.5s", " 1s", "1 s", "1s ", "1d", "1S",
                            "10000000000s", "99999999999999999999s", "1h30m", "0x10s"}) {
    const auto result = parse_duration(wrong);
    ASSERT_FALSE(result.ok()) << wrong;
    EXPECT_EQ(result.error().kind, ErrorKind::invalid);
    EXPECT_THAT(result.error().message,
                testing::AllOf(testing::HasSubstr("'" + std::string(wrong) + "'"),
                               testing::HasSubstr("10s")));
  }
}

}  // namespace
}  // namespace drover
