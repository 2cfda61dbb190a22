#include "cli/client/target.h"

#include <gtest/gtest.h>

namespace drover::cli {
namespace {

TEST(Target, PartsAndValuesAreEncoded) {
  EXPECT_EQ(target({"nodes"}), "/api/v1/nodes");
  EXPECT_EQ(target({"templates", "a/b c?日"}), "/api/v1/templates/a%2Fb%20c%3F%E6%97%A5");
  EXPECT_EQ(target({"templates"}, {{"limit", "5"}, {"cursor", "a&b"}}),
            "/api/v1/templates?limit=5&cursor=a%26b");
}

}  // namespace
}  // namespace drover::cli
