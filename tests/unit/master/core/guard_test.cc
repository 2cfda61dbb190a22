// When the master suspects itself, and how fast it gives up and replaces.
#include "master/core/guard.h"

#include <gtest/gtest.h>

namespace drover::core {
namespace {

using namespace std::chrono_literals;

constexpr auto kLease = 10s;

NodeId node(std::uint8_t number) {
  NodeId id;
  id.uuid.bytes[15] = number;
  return id;
}

TEST(MassLossGuard, SuspectsWhenMoreThanAThirdAndAtLeastThreeHaveGone) {
  MassLossGuard guard;
  guard.node_gone(node(1), 100s);
  guard.node_gone(node(2), 100s);
  EXPECT_FALSE(guard.review(100s, kLease, 0)) << "two of two are too few to tell";
  guard.node_gone(node(3), 101s);
  EXPECT_FALSE(guard.review(101s, kLease, 6)) << "three of nine are a third, not more";
  EXPECT_TRUE(guard.review(101s, kLease, 5));
  EXPECT_TRUE(guard.suspects());
}

TEST(MassLossGuard, CountsWhatWentWithinOneLease) {
  MassLossGuard guard;
  guard.node_gone(node(1), 100s);
  guard.node_gone(node(2), 105s);
  guard.node_gone(node(3), 111s);
  EXPECT_FALSE(guard.review(111s, kLease, 2));
  EXPECT_EQ(guard.silent(), 2U);
}

TEST(MassLossGuard, TrustsItselfAgainWhenEnoughAreHeard) {
  MassLossGuard guard;
  for (std::uint8_t number = 1; number <= 4; ++number) guard.node_gone(node(number), 100s);
  ASSERT_TRUE(guard.review(100s, kLease, 5));
  EXPECT_FALSE(guard.review(500s, kLease, 5)) << "time alone changes nothing";
  guard.node_back(node(2));
  EXPECT_TRUE(guard.review(500s, kLease, 6));
  EXPECT_FALSE(guard.suspects());
  EXPECT_EQ(guard.silent(), 0U);
}

TEST(MassLossGuard, InASmallClusterOneThatReturnsDoesNotEndIt) {
  MassLossGuard guard;
  for (std::uint8_t number = 1; number <= 3; ++number) guard.node_gone(node(number), 100s);
  ASSERT_TRUE(guard.review(100s, kLease, 0));
  guard.node_back(node(1));
  EXPECT_FALSE(guard.review(101s, kLease, 1));
  EXPECT_TRUE(guard.suspects()) << "two of three are more than a third";
  guard.node_back(node(2));
  EXPECT_TRUE(guard.review(101s, kLease, 2));
  EXPECT_FALSE(guard.suspects());
}

TEST(MassLossGuard, TheOperatorHasTheLastWord) {
  MassLossGuard guard;
  for (std::uint8_t number = 1; number <= 4; ++number) guard.node_gone(node(number), 100s);
  guard.review(100s, kLease, 0);
  guard.release();
  EXPECT_TRUE(guard.review(101s, kLease, 0));
  EXPECT_FALSE(guard.suspects());
}

TEST(RateWindow, AllowsSoManyWithinItsLength) {
  RateWindow window(60s);
  EXPECT_TRUE(window.take(0s, 2));
  EXPECT_TRUE(window.take(10s, 2));
  EXPECT_FALSE(window.take(59s, 2));
  EXPECT_EQ(window.next_leaves(), 60s);
  EXPECT_TRUE(window.take(60s, 2));
  EXPECT_FALSE(window.take(69s, 2));
}

TEST(TokenBucket, GivesABurstAndThenTheRate) {
  TokenBucket bucket(100);
  int taken = 0;
  while (bucket.take(1000s)) ++taken;
  EXPECT_EQ(taken, 100);
  EXPECT_FALSE(bucket.take(1000s + 9ms));
  EXPECT_TRUE(bucket.take(1000s + 10ms));
  EXPECT_FALSE(bucket.take(1000s + 10ms));
  taken = 0;
  while (bucket.take(5000s)) ++taken;
  EXPECT_EQ(taken, 100) << "no more than a burst is saved up";
}

}  // namespace
}  // namespace drover::core
