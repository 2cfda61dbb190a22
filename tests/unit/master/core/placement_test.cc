#include "master/core/placement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "master/core/step.h"
#include "tests/support/records.h"

namespace drover::core {
namespace {

NodeId numbered(std::uint8_t number) {
  NodeId id;
  id.uuid.bytes[15] = number;
  return id;
}

Offer an_offer(std::uint8_t number, Usage usage = {}, std::uint32_t cores = 4,
               std::uint32_t placed = 0) {
  Node node;
  node.id = numbered(number);
  node.cpu_count = cores;
  node.memory_bytes = 8ULL << 30;
  return {std::make_shared<const Node>(std::move(node)), usage, {{}, placed}};
}

// The first node of all, which is the last of its equals as soon as it has got something.
std::optional<NodeId> choose(PlacementIndex& index) {
  const Offer* first = index.first([](const Offer&) { return true; });
  if (first == nullptr) return std::nullopt;
  const NodeId id = first->node->id;
  index.chosen(id);
  index.update(Offer(*first));
  return id;
}

TEST(PlacementIndex, ChoosesNothingWhereThereIsNoNode) {
  PlacementIndex index;
  EXPECT_EQ(std::nullopt, choose(index));
  index.update(an_offer(1));
  index.remove(numbered(1));
  index.remove(numbered(1));
  EXPECT_EQ(std::nullopt, choose(index));
  EXPECT_EQ(0U, index.size());
}

TEST(PlacementIndex, EqualNodesTakeTurns) {
  PlacementIndex index;
  for (std::uint8_t node = 1; node <= 3; ++node) index.update(an_offer(node));
  for (int round = 0; round < 3; ++round) {
    for (std::uint8_t node = 1; node <= 3; ++node) EXPECT_EQ(numbered(node), choose(index));
  }
}

TEST(PlacementIndex, TheLeastLoadedWins) {
  PlacementIndex index;
  index.update(an_offer(1, {50, 10}));
  index.update(an_offer(2, {10, 40}));
  EXPECT_EQ(numbered(2), choose(index));
  EXPECT_EQ(numbered(2), choose(index));
  index.update(an_offer(2, {10, 40}, 4, 1));
  EXPECT_EQ(numbered(1), choose(index));
}

TEST(PlacementIndex, MoreCoresTakeMore) {
  PlacementIndex index;
  std::map<std::uint8_t, std::uint32_t> placed{{1, 0}, {2, 0}};
  const std::map<std::uint8_t, std::uint32_t> cores{{1, 2}, {2, 8}};
  for (const auto& [node, count] : cores) index.update(an_offer(node, {}, count));
  for (int group = 0; group < 100; ++group) {
    const std::uint8_t node = choose(index).value().uuid.bytes[15];
    index.update(an_offer(node, {}, cores.at(node), ++placed[node]));
  }
  EXPECT_EQ(20U, placed[1]);
  EXPECT_EQ(80U, placed[2]);
}

TEST(PlacementIndex, WhatIsReservedIsTheLargerOfItsShares) {
  Offer offer = an_offer(1, {10, 20});
  offer.reserved.add({1000, 6LL << 30});
  EXPECT_DOUBLE_EQ(0.2 + 0.75, offer.score());
  EXPECT_EQ((Resources{3000, 2LL << 30}), offer.room());
}

TEST(PlacementIndex, SaysWhenSomethingMayFitThatDidNot) {
  PlacementIndex index;
  Offer offer = an_offer(1);
  EXPECT_TRUE(index.update(offer)) << "a new node";
  EXPECT_FALSE(index.update(offer)) << "nothing changed";
  offer.usage = {90, 90};
  EXPECT_FALSE(index.update(offer)) << "load is no room";
  offer.reserved.add({1000, 1 << 20});
  EXPECT_FALSE(index.update(offer)) << "less room";
  offer.reserved.remove({1000, 1 << 20});
  EXPECT_TRUE(index.update(offer)) << "more room";
  offer.node = std::make_shared<const Node>(*offer.node);
  EXPECT_TRUE(index.update(offer)) << "another record: labels may differ";
}

TEST(PlacementIndex, KeepsThePositionsOfTheRestWhereOneGoes) {
  PlacementIndex index;
  for (std::uint8_t node = 1; node <= 4; ++node) index.update(an_offer(node));
  index.remove(numbered(2));
  std::set<NodeId> found;
  for (std::size_t position = 0; position < index.size(); ++position) {
    found.insert(index.at(position).node->id);
  }
  EXPECT_EQ((std::set<NodeId>{numbered(1), numbered(3), numbered(4)}), found);
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

// A cluster of many nodes, one of which is not like the others.
class AmongMany : public testing::Test {
 protected:
  static constexpr std::uint16_t kNodes = 500;
  static constexpr std::uint16_t kOdd = 333;

  AmongMany() {
    for (std::uint16_t number = 1; number <= kNodes; ++number) {
      OpenSession open;
      open.session = SessionId{number};
      open.node = id(number);
      open.cpu_count = 2;
      open.memory_bytes = (number == kOdd ? 64ULL : 1ULL) << 30;
      open.labels["zone"] = number % 4 == 1 ? "a" : "b";
      if (number == kOdd) open.labels["gpu"] = "yes";
      step(state_, open, now_);
    }
  }

  static NodeId id(std::uint16_t number) {
    NodeId node;
    node.uuid.bytes[14] = static_cast<std::uint8_t>(number >> 8);
    node.uuid.bytes[15] = static_cast<std::uint8_t>(number);
    return node;
  }

  void create(const std::string& name, const TaskResources& resources,
              const std::vector<Constraint>& constraints) {
    TemplateSpec spec = test::a_template_spec(name);
    spec.groups[0].tasks[0].resources = resources;
    spec.groups[0].constraints = constraints;
    step(state_, CreateTemplate{spec, "{}"}, now_);
  }

  const Allocation& deploy(const std::string& name) {
    const InstanceId instance{new_uuid()};
    step(state_, Deploy{name, instance}, now_);
    return *state_.instances.at(instance).slots.at(0).allocation;
  }

  State state_;
  Moment now_{std::chrono::seconds(1), 0, Index{1}};
};

TEST_F(AmongMany, TheOneThatHoldsTheConstraintIsFoundUntilItIsFull) {
  create("gpu", {1'000}, {{"label.gpu", Operator::exists, {}}});
  EXPECT_EQ(id(kOdd), deploy("gpu").node);
  EXPECT_EQ(id(kOdd), deploy("gpu").node);
  EXPECT_EQ(WaitReason::no_room, deploy("gpu").waits_for);
}

TEST_F(AmongMany, TheOneWithEnoughMemoryIsFound) {
  create("large", {{}, std::int64_t{40} << 30}, {});
  EXPECT_EQ(id(kOdd), deploy("large").node);
  EXPECT_EQ(WaitReason::no_room, deploy("large").waits_for);
}

// By draws of a few: each node of the zone takes what it can, and none is forgotten.
TEST_F(AmongMany, AZoneIsFilledToTheLast) {
  create("zone", {2'000}, {{"label.zone", Operator::equal, {"a"}}});
  std::set<NodeId> used;
  for (int copy = 0; copy < kNodes / 4; ++copy) {
    const Allocation& placed = deploy("zone");
    ASSERT_TRUE(placed.node) << copy;
    used.insert(*placed.node);
  }
  EXPECT_EQ(static_cast<std::size_t>(kNodes / 4), used.size());
  EXPECT_EQ(WaitReason::no_room, deploy("zone").waits_for);
}

TEST_F(AmongMany, ANodeThatSaysSomethingElseOfItselfIsSeen) {
  create("ssd", {1'000}, {{"label.disk", Operator::equal, {"ssd"}}});
  EXPECT_EQ(WaitReason::no_match, deploy("ssd").waits_for);
  OpenSession again;
  again.session = SessionId{1'000};
  again.node = id(7);
  again.cpu_count = 2;
  again.labels["disk"] = "ssd";
  step(state_, again, now_);
  EXPECT_EQ(1U, state_.nodes.at(id(7)).allocations.size()) << "what waited has been woken";
  EXPECT_EQ(id(7), deploy("ssd").node);
}

}  // namespace
}  // namespace drover::core
