#include "master/core/placement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "master/core/step.h"
#include "tests/support/records.h"

namespace drover::core {
namespace {

NodeId numbered(std::uint8_t number) {
  NodeId id;
  id.uuid.bytes[15] = number;
  return id;
}

TEST(PlacementIndex, ChoosesNothingWhereThereIsNoNode) {
  PlacementIndex index;
  EXPECT_EQ(std::nullopt, index.choose());
  index.update(numbered(1), {});
  index.remove(numbered(1));
  index.remove(numbered(1));
  EXPECT_EQ(std::nullopt, index.choose());
}

TEST(PlacementIndex, EqualNodesTakeTurns) {
  PlacementIndex index;
  for (std::uint8_t node = 1; node <= 3; ++node) index.update(numbered(node), {});
  for (int round = 0; round < 3; ++round) {
    for (std::uint8_t node = 1; node <= 3; ++node) EXPECT_EQ(numbered(node), index.choose());
  }
}

TEST(PlacementIndex, TheLeastLoadedWins) {
  PlacementIndex index;
  index.update(numbered(1), {{50, 10}, 4, 0});
  index.update(numbered(2), {{10, 40}, 4, 0});
  EXPECT_EQ(numbered(2), index.choose());
  EXPECT_EQ(numbered(2), index.choose());
  index.update(numbered(2), {{10, 40}, 4, 1});
  EXPECT_EQ(numbered(1), index.choose());
}

TEST(PlacementIndex, MoreCoresTakeMore) {
  PlacementIndex index;
  std::map<NodeId, std::uint64_t> placed{{numbered(1), 0}, {numbered(2), 0}};
  const std::map<NodeId, std::uint32_t> cores{{numbered(1), 2}, {numbered(2), 8}};
  for (const auto& [node, count] : cores) index.update(node, {{}, count, 0});
  for (int group = 0; group < 100; ++group) {
    const NodeId node = index.choose().value();
    index.update(node, {{}, cores.at(node), ++placed[node]});
  }
  EXPECT_EQ(20u, placed[numbered(1)]);
  EXPECT_EQ(80u, placed[numbered(2)]);
}

// The spread over equal nodes, heartbeats with uneven and changing load in between included.
TEST(Placement, ABurstOverTenEqualNodesSpreadsEvenly) {
  constexpr int kNodes = 10;
  constexpr int kDeploys = 1000;
  State state;
  Moment now{std::chrono::seconds(1), 0, Index{1}};
  step(state, CreateTemplate{test::a_template_spec("work"), "{}"}, now);
  for (std::uint8_t node = 1; node <= kNodes; ++node) {
    OpenSession open;
    open.session = SessionId{node};
    open.node = numbered(node);
    open.cpu_count = 2;
    step(state, open, now);
  }
  for (int deploy = 0; deploy < kDeploys; ++deploy) {
    step(state, Deploy{"work", InstanceId{new_uuid()}}, now);
    if (deploy % 10 == 0) {
      const auto node = static_cast<std::uint8_t>(1 + deploy / 10 % kNodes);
      const Usage usage{static_cast<std::uint8_t>(deploy * 7 % 100), 20};
      step(state, Heartbeat{SessionId{node}, numbered(node), usage}, now);
    }
  }
  std::size_t least = kDeploys;
  std::size_t most = 0;
  for (const auto& [id, entry] : state.nodes) {
    least = std::min(least, entry.allocations.size());
    most = std::max(most, entry.allocations.size());
  }
  EXPECT_LE(static_cast<double>(most - least) / (kDeploys / kNodes), 0.05)
      << "least " << least << ", most " << most;
}

}  // namespace
}  // namespace drover::core
