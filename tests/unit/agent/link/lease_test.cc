#include "agent/link/lease.h"

#include <gtest/gtest.h>

namespace drover::agent::link {
namespace {

using Until = std::optional<std::int64_t>;

TEST(LeaseTest, RunsFromTheSendingOfWhatWasAcknowledged) {
  Lease lease;
  EXPECT_EQ(lease.heartbeat_sent(1000), 1U);
  EXPECT_EQ(lease.acknowledged(1), Until()) << "its length is not known";
  lease.set_length(10'000);
  EXPECT_EQ(lease.acknowledged(0), Until());
  EXPECT_EQ(lease.acknowledged(1), Until(10'500)) << "a twentieth is left as a margin";
  EXPECT_EQ(lease.acknowledged(1), Until()) << "no news";
  EXPECT_EQ(lease.heartbeat_sent(4000), 2U);
  EXPECT_EQ(lease.heartbeat_sent(7000), 3U);
  EXPECT_EQ(lease.heartbeat_sent(9000), 4U);
  EXPECT_EQ(lease.acknowledged(3), Until(16'500)) << "which acknowledges the one before, too";
  EXPECT_EQ(lease.acknowledged(2), Until());
  EXPECT_EQ(lease.acknowledged(4), Until(18'500));
}

TEST(LeaseTest, NothingIsGivenForWhatWasNeverSent) {
  Lease lease;
  lease.set_length(10'000);
  lease.heartbeat_sent(1);
  EXPECT_EQ(lease.acknowledged(2), Until());
  EXPECT_EQ(lease.acknowledged(1), Until(9'501));
}

TEST(LeaseTest, AMasterThatGivesNoneGivesNone) {
  Lease lease;
  lease.set_length(0);
  lease.heartbeat_sent(1);
  EXPECT_EQ(lease.acknowledged(1), Until());
}

TEST(LeaseTest, WhatIsTooOldToCountIsForgotten) {
  Lease lease;
  lease.set_length(10'000);
  lease.heartbeat_sent(0);
  lease.heartbeat_sent(20'000);
  EXPECT_EQ(lease.acknowledged(1), Until());
  EXPECT_EQ(lease.acknowledged(2), Until(29'500));
}

}  // namespace
}  // namespace drover::agent::link
