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

TEST(Values, OneOfAFew) {
  const auto check = check_one_of("auto|always|never");
  EXPECT_EQ(check("always"), "");
  for (const char* wrong : {"", "alway", "auto|always", "red"})
    EXPECT_NE(check(wrong), "") << wrong;
}

}  // namespace
}  // namespace drover::cli
