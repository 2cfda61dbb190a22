#include "master/core/waiting.h"

#include <gtest/gtest.h>

#include <memory>

#include "common/limits.h"

namespace drover::core {
namespace {

const AllocationId kFirst{InstanceId{Uuid{{1}}}, 0, 1};
const AllocationId kSecond{InstanceId{Uuid{{2}}}, 0, 1};
const AllocationId kThird{InstanceId{Uuid{{3}}}, 0, 1};

Offer a_node_with(std::uint32_t cores, std::uint8_t number = 1) {
  Node node;
  node.id = NodeId{Uuid{{number}}};
  node.cpu_count = cores;
  return {std::make_shared<const Node>(std::move(node)), {}, {}};
}

Demand cores(std::int64_t count) { return {{}, {count * 1000, 0}, {}, {}}; }

std::optional<AllocationId> next_of(const WaitingQueue& queue) {
  const auto next = queue.next();
  if (!next) return std::nullopt;
  return next->id;
}

TEST(WaitingQueue, SleepsUntilANodeHasRoom) {
  WaitingQueue queue;
  queue.add(kFirst, 50, cores(4), WaitReason::no_room);
  EXPECT_EQ(std::nullopt, next_of(queue));
  queue.wake(a_node_with(3));
  EXPECT_EQ(std::nullopt, next_of(queue));
  queue.wake(a_node_with(4));
  EXPECT_EQ(kFirst, next_of(queue));
  queue.nothing_fits(kFirst, WaitReason::no_room);
  EXPECT_EQ(std::nullopt, next_of(queue));
}

TEST(WaitingQueue, TheOldestOfTheHighestPriorityIsNext) {
  WaitingQueue queue;
  queue.add(kSecond, 50, cores(1), WaitReason::no_room);
  queue.add(kThird, 80, cores(1), WaitReason::no_room);
  queue.add(kFirst, 50, cores(2), WaitReason::no_room);
  queue.wake(a_node_with(4));
  EXPECT_EQ(kThird, next_of(queue));
  queue.remove(kThird);
  EXPECT_EQ(kFirst, next_of(queue)) << "of another class, and older";
  queue.remove(kFirst);
  EXPECT_EQ(kSecond, next_of(queue));
  queue.remove(kSecond);
  EXPECT_EQ(std::nullopt, next_of(queue));
  EXPECT_TRUE(queue.empty());
}

TEST(WaitingQueue, WhatDoesNotFitHoldsUpNobodyElse) {
  WaitingQueue queue;
  queue.add(kFirst, 50, cores(4), WaitReason::no_room);
  queue.add(kSecond, 50, cores(1), WaitReason::no_room);
  queue.wake(a_node_with(4));
  EXPECT_EQ(kFirst, next_of(queue));
  queue.nothing_fits(kFirst, WaitReason::no_room);
  EXPECT_EQ(kSecond, next_of(queue));
}

TEST(WaitingQueue, TellsTheNodesThatHaveWokenAClassAsLongAsTheyAreFew) {
  WaitingQueue queue;
  queue.add(kFirst, 50, cores(1), WaitReason::no_room);
  queue.wake(a_node_with(1, 7));
  queue.wake(a_node_with(1, 8));
  queue.wake(a_node_with(1, 7));
  EXPECT_EQ((std::vector<NodeId>{NodeId{Uuid{{7}}}, NodeId{Uuid{{8}}}}), queue.next()->nodes);
  for (std::uint8_t node = 0; node <= limits::kWakingNodes; ++node) {
    queue.wake(a_node_with(1, node));
  }
  EXPECT_TRUE(queue.next()->nodes.empty());
  queue.nothing_fits(kFirst, WaitReason::no_room);
  queue.wake(a_node_with(1, 9));
  EXPECT_EQ((std::vector<NodeId>{NodeId{Uuid{{9}}}}), queue.next()->nodes);
}

TEST(WaitingQueue, AGangIsWokenByWhateverHappens) {
  WaitingQueue queue;
  queue.add(kFirst, 50, {{}, {}, {}, kFirst.instance}, WaitReason::gang);
  queue.wake(a_node_with(1));
  ASSERT_EQ(kFirst, next_of(queue));
  EXPECT_TRUE(queue.next()->is_gang);
  EXPECT_TRUE(queue.next()->nodes.empty());
}

TEST(WaitingQueue, WhatIsPinnedIsWokenByItsNodeAlone) {
  WaitingQueue queue;
  const auto pinned_to = [](std::uint8_t node) {
    Demand demand = cores(1);
    demand.pinned = NodeId{Uuid{{node}}};
    return demand;
  };
  queue.add(kFirst, 50, pinned_to(7), WaitReason::its_node);
  queue.add(kSecond, 50, pinned_to(8), WaitReason::no_room);
  queue.add(kThird, 50, cores(1), WaitReason::no_room);
  EXPECT_EQ(WaitReason::its_node, queue.find(pinned_to(7)));
  EXPECT_EQ(std::nullopt, queue.find(pinned_to(9)));

  queue.wake(a_node_with(1, 6));
  EXPECT_EQ(kThird, next_of(queue));
  queue.nothing_fits(kThird, WaitReason::no_room);
  EXPECT_EQ(std::nullopt, next_of(queue));

  queue.wake(a_node_with(1, 8));
  EXPECT_EQ(kSecond, next_of(queue));
  queue.remove(kSecond);
  EXPECT_EQ(kThird, next_of(queue)) << "has the rest";
  queue.remove(kThird);
  EXPECT_EQ(std::nullopt, next_of(queue));

  queue.wake(a_node_with(0, 7));
  EXPECT_EQ(std::nullopt, next_of(queue)) << "no room there";
  queue.wake(a_node_with(1, 7));
  ASSERT_EQ(kFirst, next_of(queue));
  EXPECT_EQ((std::vector<NodeId>{NodeId{Uuid{{7}}}}), queue.next()->nodes);
}

TEST(WaitingQueue, SaysForWhatOthersWait) {
  WaitingQueue queue;
  queue.add(kFirst, 50, cores(4), WaitReason::no_match);
  EXPECT_EQ(WaitReason::no_match, queue.find(cores(4)));
  EXPECT_EQ(std::nullopt, queue.find(cores(3)));
  Demand constrained = cores(4);
  constrained.constraints.push_back({"label.zone", Operator::equal, {"a"}});
  EXPECT_EQ(std::nullopt, queue.find(constrained));
}

}  // namespace
}  // namespace drover::core
