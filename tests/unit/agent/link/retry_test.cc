#include "agent/link/retry.h"

#include <gtest/gtest.h>

#include <vector>

namespace drover::agent::link {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, BoundsDoubleUpToTheLongest) {
  Backoff backoff(100ms, 1000ms);
  std::vector<std::chrono::milliseconds> pauses;
  for (int count = 0; count < 6; ++count) pauses.push_back(backoff.next_pause(1));
  EXPECT_EQ(pauses,
            (std::vector<std::chrono::milliseconds>{100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}));
  backoff.reset();
  EXPECT_EQ(backoff.next_pause(1), 100ms);
}

TEST(Backoff, APauseIsAnyPartOfItsBound) {
  Backoff backoff(100ms, 1000ms);
  EXPECT_EQ(backoff.next_pause(0), 0ms);
  EXPECT_EQ(backoff.next_pause(0.5), 100ms);
}

TEST(FallingRate, SpeaksLessAndLessAndAtLeastOnceAMinute) {
  FallingRate rate;
  std::vector<int> spoken_at;
  for (int second = 0; second <= 250; ++second) {
    if (rate.is_due(second * 1000)) spoken_at.push_back(second);
  }
  EXPECT_EQ(spoken_at, (std::vector<int>{0, 1, 3, 7, 15, 31, 63, 123, 183, 243}));
  rate.reset();
  EXPECT_TRUE(rate.is_due(250'001));
}

}  // namespace
}  // namespace drover::agent::link
