// What a start makes of records that do not fit together.
#include <gtest/gtest.h>

#include "master/core/state.h"
#include "master/core/step.h"
#include "tests/support/records.h"

namespace drover::core {
namespace {

constexpr std::chrono::milliseconds kStart{1000};

Outcome tick(State& state) { return step(state, Tick{}, {kStart, 5, Index{9}}); }

TEST(Rebuild, AnInstanceWhoseAllocationIsMissingIsLostAndNeverRunAgain) {
  const InstanceId id{new_uuid()};
  Recovered recovered;
  recovered.templates = {test::a_template("work")};
  recovered.instances = {test::an_instance(id, InstanceState::running)};
  State state = rebuild(std::move(recovered), {}, kStart);
  EXPECT_TRUE(state.waiting.empty());

  const Outcome outcome = tick(state);
  ASSERT_EQ(1u, outcome.changes.finished.size());
  EXPECT_EQ(InstanceState::lost, outcome.changes.finished[0].instance->state);
  const TaskStatus& task = outcome.changes.finished[0].allocations.at(0)->tasks.at(0);
  EXPECT_EQ("its record could not be read", task.end.detail);
}

TEST(Rebuild, WhatWaitsWithoutItsTemplateIsLost) {
  const InstanceId id{new_uuid()};
  Allocation allocation = *test::an_allocation(id, {});
  allocation.node.reset();
  Recovered recovered;
  recovered.instances = {test::an_instance(id, InstanceState::pending)};
  recovered.allocations = {std::make_shared<const Allocation>(allocation)};
  State state = rebuild(std::move(recovered), {}, kStart);
  EXPECT_TRUE(state.waiting.empty());
  EXPECT_EQ(1u, tick(state).changes.finished.size());
}

TEST(Rebuild, WhatRunsWithoutItsInstancesRecordGoesOnAndCanBeStopped) {
  const InstanceId id{new_uuid()};
  Recovered recovered;
  recovered.templates = {test::a_template("work")};
  recovered.allocations = {test::an_allocation(id, {TaskState::running, 1, 1, 0, {}})};
  Node node;
  node.id = *recovered.allocations[0]->node;
  node.online = true;
  recovered.nodes = {std::make_shared<const Node>(node)};
  State state = rebuild(std::move(recovered), {}, kStart);
  const Outcome outcome = tick(state);
  EXPECT_TRUE(outcome.changes.finished.empty());
  ASSERT_EQ(1u, outcome.changes.instances.size());
  EXPECT_EQ(id, outcome.changes.instances[0]->id);
  EXPECT_EQ(InstanceState::running, outcome.changes.instances[0]->state);
  EXPECT_EQ(1u, outcome.changes.instances[0]->slot_count);

  step(state, Stop{id}, {kStart, 5, Index{10}});
  EXPECT_EQ(InstanceState::stopping, state.instances.at(id).instance->state);
}

TEST(Rebuild, WhatWaitsWithoutItsInstancesRecordIsLost) {
  const InstanceId id{new_uuid()};
  Allocation allocation = *test::an_allocation(id, {});
  allocation.node.reset();
  Recovered recovered;
  recovered.templates = {test::a_template("work")};
  recovered.allocations = {std::make_shared<const Allocation>(allocation)};
  State state = rebuild(std::move(recovered), {}, kStart);
  EXPECT_TRUE(state.waiting.empty());
  const Outcome outcome = tick(state);
  ASSERT_EQ(1u, outcome.changes.finished.size());
  EXPECT_EQ(InstanceState::lost, outcome.changes.finished[0].instance->state);
}

// Found by the simulator: the node's machine had been restarted in between.
TEST(Rebuild, ANodeWhoseRecordIsLostMayHaveForgottenWhatItWasTold) {
  const InstanceId id{new_uuid()};
  Allocation allocation = *test::an_allocation(id, {});
  Recovered recovered;
  recovered.templates = {test::a_template("work")};
  recovered.instances = {test::an_instance(id, InstanceState::starting)};
  recovered.allocations = {std::make_shared<const Allocation>(allocation)};
  State state = rebuild(std::move(recovered), {}, kStart);
  OpenSession hello;
  hello.session = SessionId{1};
  hello.node = *allocation.node;
  hello.secret_digest = "digest";
  hello.boot_id = "boot";
  const Outcome outcome = step(state, hello, {kStart, 5, Index{9}});
  ASSERT_EQ(1U, outcome.changes.finished.size());
  EXPECT_EQ(InstanceState::lost, outcome.changes.finished[0].instance->state);
  for (const MessageToAgent& message : outcome.messages) {
    EXPECT_FALSE(std::holds_alternative<StartAllocation>(message.content));
  }
}

TEST(Rebuild, ANodeThatWasOnlineHasAWholeLease) {
  Node node;
  node.id = NodeId{new_uuid()};
  node.online = true;
  Recovered recovered;
  recovered.nodes = {std::make_shared<const Node>(node)};
  State state = rebuild(std::move(recovered), {}, kStart);
  const auto tick_at = [&state](std::chrono::milliseconds after) {
    return step(state, Tick{}, {kStart + after, 5, Index{9}});
  };
  EXPECT_TRUE(tick_at(state.settings.lease / 2).changes.empty());
  EXPECT_TRUE(tick_at(state.settings.lease - std::chrono::milliseconds(1)).changes.empty());
  const Outcome outcome = tick_at(state.settings.lease);
  ASSERT_EQ(1u, outcome.changes.nodes.size());
  EXPECT_FALSE(outcome.changes.nodes[0]->online);
}

// Whose lease may have been renewed until the last master's end, whatever that one had recorded.
TEST(Rebuild, AnExclusiveCopyOnAnOfflineNodeIsNotGivenUpBeforeAWholeLease) {
  const InstanceId id{new_uuid()};
  TemplateSpec spec = test::a_template_spec("work");
  GroupSpec& group = spec.groups[0];
  group.exclusive = true;
  group.reschedule = RestartPolicy::on_failure;
  group.lost_after = std::chrono::milliseconds(0);
  group.tasks[0].stop_grace = std::chrono::milliseconds(0);
  Recovered recovered;
  recovered.templates = {std::make_shared<const Template>(Template{spec, "{}", 1, Index{1}})};
  recovered.instances = {test::an_instance(id, InstanceState::running)};
  const auto copy = test::an_allocation(id, {TaskState::running, 1, 1, 0, {}});
  recovered.allocations = {copy};
  Node node;
  node.id = *copy->node;
  recovered.nodes = {std::make_shared<const Node>(node)};
  const State state = rebuild(std::move(recovered), {}, kStart);
  ASSERT_EQ(1u, state.losses.size());
  EXPECT_GT(state.losses.begin()->first, kStart + state.settings.lease);
}

// On which node it was, nobody knows: where a copy is missing, another one is made.
TEST(Rebuild, ACopyOfASystemInstanceWhoseRecordIsLostIsMadeAnew) {
  const InstanceId id{new_uuid()};
  Template of_it = *test::a_template("work");
  of_it.spec.kind = Kind::system;
  Instance instance = *test::an_instance(id, InstanceState::running);
  instance.slot_count = 2;
  instance.slots = {{0, 2}};
  Allocation left = *test::an_allocation(id, {TaskState::running, 1, 1, 0, {}});
  left.pinned = left.node;
  Node of_left;
  of_left.id = *left.node;
  of_left.online = true;
  of_left.secret_digest = "secret";
  Node of_lost = of_left;
  of_lost.id = NodeId{new_uuid()};
  Recovered recovered;
  recovered.templates = {std::make_shared<const Template>(of_it)};
  recovered.instances = {std::make_shared<const Instance>(instance)};
  recovered.allocations = {std::make_shared<const Allocation>(left)};
  recovered.nodes = {std::make_shared<const Node>(of_left), std::make_shared<const Node>(of_lost)};
  State state = rebuild(std::move(recovered), {}, kStart);

  EXPECT_TRUE(tick(state).changes.finished.empty());
  tick(state);
  const InstanceEntry& entry = state.instances.at(id);
  ASSERT_EQ(2U, entry.slots.size());
  EXPECT_EQ(left.pinned, entry.slots.at(0).allocation->pinned);
  EXPECT_EQ(of_lost.id, entry.slots.at(2).allocation->pinned);
  EXPECT_EQ(WaitReason::its_node, entry.slots.at(2).allocation->waits_for);
  EXPECT_EQ((std::vector<SlotRange>{{0, 1}, {2, 1}}), entry.instance->slots);
}

}  // namespace
}  // namespace drover::core
