#include "cli/commands/values.h"

#include <gtest/gtest.h>

namespace drover::cli {
namespace {

TEST(Values, AParameterHasANameAndAnyValue) {
  EXPECT_EQ(check_parameter("a="), "");
  EXPECT_NE(check_parameter("a"), "");
  EXPECT_NE(check_parameter("=b"), "");
  const auto parameters = parameters_of({"a=1", "b=x=y", "a=2"});
  EXPECT_EQ(parameters.at("a"), "2");
  EXPECT_EQ(parameters.at("b"), "x=y");
}

TEST(Values, ATimeIsOneOfACalendarOrSoLongAgo) {
  const Instant now = *parse_instant("2025-03-09T12:00:00.000Z");
  for (const char* right : {"2025-03-09T12:00:00Z", "2025-03-09T12:00:00+08:00", "90m", "0s"}) {
    EXPECT_EQ(check_time(right), "") << right;
  }
  for (const char* wrong : {"", "yesterday", "2025-03-09", "-1h", "12:00"}) {
    EXPECT_NE(check_time(wrong), "") << wrong;
  }
  EXPECT_EQ(api_time("90m", now), "2025-03-09T10:30:00.000Z");
  EXPECT_EQ(api_time("2025-03-09T12:00:00+08:00", now), "2025-03-09T12:00:00+08:00");
  EXPECT_EQ(api_time("", now), "");
}

TEST(Values, ASignalIsANameOrANumber) {
  for (const char* hup : {"HUP", "SIGHUP", "hup", "1"}) {
    EXPECT_EQ(signal_name(hup), "HUP") << hup;
    EXPECT_EQ(check_signal(hup), "") << hup;
  }
  for (const char* wrong : {"", "0", "-1", "1000", "99999999999999999999"}) {
    EXPECT_NE(check_signal(wrong), "") << wrong;
  }
}

TEST(Values, OneOfAFew) {
  const auto check = check_one_of("auto|always|never");
  EXPECT_EQ(check("always"), "");
  for (const char* wrong : {"", "alway", "auto|always", "red"})
    EXPECT_NE(check(wrong), "") << wrong;
}

}  // namespace
}  // namespace drover::cli
