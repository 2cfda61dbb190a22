#include "master/engine/usage_history.h"

#include <gtest/gtest.h>

#include "common/limits.h"

namespace drover::engine {
namespace {

constexpr core::UnixMs kPiece = std::chrono::milliseconds(limits::kUsageSample).count();
constexpr core::UnixMs kStart = 1000 * kPiece;

TEST(UsageHistory, IsEmptyAtFirst) { EXPECT_TRUE(UsageHistory().samples().empty()); }

TEST(UsageHistory, AveragesWhatComesWithinOnePiece) {
  UsageHistory history;
  history.add(kStart + 1, {10, 40});
  history.add(kStart + kPiece - 1, {30, 60});
  history.add(kStart + kPiece, {99, 99});
  const auto samples = history.samples();
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples[0].from, kStart);
  EXPECT_EQ(samples[0].usage.cpu_percent, 20);
  EXPECT_EQ(samples[0].usage.memory_percent, 50);
  EXPECT_EQ(samples[1].from, kStart + kPiece);
  EXPECT_EQ(samples[1].usage.cpu_percent, 99);
}

TEST(UsageHistory, KeepsTheNewest) {
  UsageHistory history;
  const auto count = static_cast<core::UnixMs>(limits::kUsageSamples);
  for (core::UnixMs piece = 0; piece < count + 5; ++piece) {
    history.add(kStart + piece * kPiece, {static_cast<std::uint8_t>(piece % 100), 0});
  }
  const auto samples = history.samples();
  ASSERT_EQ(samples.size(), limits::kUsageSamples);
  EXPECT_EQ(samples.front().from, kStart + 5 * kPiece);
  EXPECT_EQ(samples.back().from, kStart + (count + 4) * kPiece);
}

TEST(UsageHistory, LeavesGapsWhereNothingWasHeard) {
  UsageHistory history;
  history.add(kStart, {1, 1});
  history.add(kStart + 10 * kPiece, {2, 2});
  EXPECT_EQ(history.samples().size(), 2U);
}

}  // namespace
}  // namespace drover::engine
