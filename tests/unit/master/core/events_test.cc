#include "master/core/events.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace drover::core {
namespace {

constexpr UnixMs kNow = 1'000'000;

Template template_of() {
  TaskSpec task;
  task.name = "clean";
  GroupSpec group;
  group.tasks = {task};
  group.name = "work";
  Template from;
  from.spec.name = "report";
  from.spec.groups = {group};
  return from;
}

Allocation copy_of(TaskState state, std::uint32_t attempt, TaskEnd end = {}) {
  Allocation copy;
  copy.node = NodeId{};
  TaskStatus task;
  task.state = state;
  task.attempt = attempt;
  task.started_at = attempt > 0 ? kNow : 0;
  task.end = end;
  copy.tasks = {task};
  return copy;
}

TaskEnd exit_of(std::int32_t code) {
  TaskEnd end;
  end.kind = EndKind::exited;
  end.code = code;
  return end;
}

class CopyEvents : public testing::Test {
 protected:
  // "task.ended 1 failed", without those of the node.
  std::vector<std::string> told(const Allocation* before, const Allocation& after) {
    events_.clear();
    tell(before, after, &from_, kNow, events_);
    std::vector<std::string> out;
    for (const ClusterEvent& each : events_) {
      std::string text = to_string(each.kind);
      if (each.attempt != 0) text += " " + std::to_string(each.attempt);
      if (!each.state.empty()) text += " " + each.state;
      out.push_back(text);
    }
    return out;
  }

  using Texts = std::vector<std::string>;
  const Template from_ = template_of();
  std::vector<ClusterEvent> events_;
};

TEST_F(CopyEvents, TellWhatATaskDoesFromItsPlaceToItsEnd) {
  const Allocation placed = copy_of(TaskState::waiting, 0);
  const Allocation running = copy_of(TaskState::running, 1);
  const Allocation ended = copy_of(TaskState::failed, 1, exit_of(3));
  EXPECT_EQ(told(nullptr, placed), Texts{"allocation.placed"});
  EXPECT_EQ(told(&placed, running), Texts{"task.started 1 running"});
  EXPECT_EQ(told(&running, running), Texts{});
  EXPECT_EQ(told(&running, ended), Texts{"task.ended 1 failed"});
  EXPECT_EQ(events_.at(0).end.code, 3);
  EXPECT_EQ(events_.at(0).task, "clean");
  EXPECT_EQ(events_.at(0).group, "work");
  EXPECT_EQ(events_.at(0).template_name, "report");
  EXPECT_EQ(told(&ended, ended), Texts{}) << "an end is told once";
}

TEST_F(CopyEvents, TellAShortLifeInOneReport) {
  const Allocation placed = copy_of(TaskState::waiting, 0);
  const Allocation ended = copy_of(TaskState::succeeded, 1, exit_of(0));
  EXPECT_EQ(told(&placed, ended), (Texts{"task.started 1 running", "task.ended 1 succeeded"}));
}

TEST_F(CopyEvents, TellEachRestartInPlaceOnce) {
  const Allocation running = copy_of(TaskState::running, 1);
  Allocation restarting = copy_of(TaskState::restarting, 1, exit_of(3));
  EXPECT_EQ(told(&running, restarting), Texts{"task.ended 1 restarting"});
  Allocation again = copy_of(TaskState::running, 3);
  again.tasks[0].previous = {{1, kNow, kNow, exit_of(3)}, {2, kNow, kNow, exit_of(4)}};
  EXPECT_EQ(told(&restarting, again),
            (Texts{"task.started 2 running", "task.ended 2 restarting", "task.started 3 running"}));
}

TEST_F(CopyEvents, TellOfSilence) {
  const Allocation running = copy_of(TaskState::running, 1);
  const Allocation unknown = copy_of(TaskState::unknown, 1);
  EXPECT_EQ(told(&running, unknown), Texts{"task.unknown 1 unknown"});
  EXPECT_EQ(told(&unknown, running), Texts{}) << "it runs as before";
}

TEST_F(CopyEvents, TakeAnotherCopyForAnother) {
  const Allocation ended = copy_of(TaskState::failed, 1, exit_of(3));
  Allocation next = copy_of(TaskState::waiting, 0);
  next.id.generation = 2;
  EXPECT_EQ(told(&ended, next), Texts{"allocation.placed"});
}

TEST_F(CopyEvents, NameByNumbersWhereTheTemplateIsGone) {
  events_.clear();
  tell(nullptr, copy_of(TaskState::running, 1), nullptr, kNow, events_);
  ASSERT_EQ(events_.size(), 2U);
  EXPECT_EQ(events_[1].task, "0");
  EXPECT_EQ(events_[1].group, "0");
}

TEST(InstanceEvents, BeginWithItsCreation) {
  std::vector<ClusterEvent> events(1);  // of its copies
  Instance instance;
  instance.state = InstanceState::starting;
  tell(nullptr, instance, kNow, events);
  EXPECT_EQ(events.at(0).kind, EventKind::instance_created);
  events.clear();
  tell(&instance, instance, kNow, events);
  EXPECT_TRUE(events.empty());
  Instance running = instance;
  running.state = InstanceState::running;
  tell(&instance, running, kNow, events);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].state, "running");
}

TEST(NodeEvents, TellItsLifeAndItsDrain) {
  std::vector<ClusterEvent> events;
  Node node;
  node.online = true;
  tell(nullptr, node, kNow, events);
  Node draining = node;
  draining.drain = Drain{};
  tell(&node, draining, kNow, events);
  Node drained = draining;
  drained.drain->done = true;
  tell(&draining, drained, kNow, events);
  Node offline = drained;
  offline.online = false;
  tell(&drained, offline, kNow, events);
  tell(&drained, node, kNow, events);
  std::vector<EventKind> kinds;
  for (const ClusterEvent& each : events) kinds.push_back(each.kind);
  EXPECT_EQ(kinds, (std::vector{EventKind::node_joined, EventKind::node_online,
                                EventKind::node_draining, EventKind::node_drained,
                                EventKind::node_offline, EventKind::node_resumed}));
}

TEST(TemplateEvents, AreOfVersionsAlone) {
  std::vector<ClusterEvent> events;
  Template first = template_of();
  tell(nullptr, first, kNow, events);
  Template run = first;
  run.last_run = kNow;
  tell(&first, run, kNow, events);
  EXPECT_EQ(events.size(), 1U);
  run.version = 2;
  tell(&first, run, kNow, events);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].kind, EventKind::template_changed);
}

}  // namespace
}  // namespace drover::core
