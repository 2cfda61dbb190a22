#include "agent/supervisor/cgroup_tree.h"

#include <gtest/gtest.h>

namespace drover::supervisor {
namespace {

TEST(CgroupTreeTest, TheKernelsTextIsUnderstood) {
  const auto busy = parse_cgroup_events("populated 1\nfrozen 0\n");
  ASSERT_TRUE(busy);
  EXPECT_TRUE(busy->populated);
  EXPECT_FALSE(busy->frozen);
  const auto frozen = parse_cgroup_events("populated 0\nfrozen 1\n");
  ASSERT_TRUE(frozen);
  EXPECT_FALSE(frozen->populated);
  EXPECT_TRUE(frozen->frozen);
}

TEST(CgroupTreeTest, KernelsWithoutFreezerSayLess) {
  const auto state = parse_cgroup_events("populated 1\n");
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->populated);
  EXPECT_FALSE(state->frozen);
}

TEST(CgroupTreeTest, AnotherTextIsNoState) {
  EXPECT_FALSE(parse_cgroup_events(""));
  EXPECT_FALSE(parse_cgroup_events("nonsense\n"));
}

}  // namespace
}  // namespace drover::supervisor
