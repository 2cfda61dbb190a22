#include "master/core/placing.h"

#include <utility>

#include "common/check.h"
#include "common/limits.h"
#include "master/core/again.h"
#include "master/core/instances.h"

namespace drover::core {
namespace {

void assign(Edit& edit, InstanceEntry& entry, Allocation allocation, const NodeId& chosen) {
  NodeEntry& node = edit.state().nodes.at(chosen);
  GroupEntry& group = entry.groups[allocation.id.group];
  allocation.node = chosen;
  allocation.node_incarnation = node.node->incarnation;
  allocation.placed_at = edit.now().unix_ms;
  allocation.waits_for = WaitReason::none;
  group.placed = edit.now().steady;
  hold(node, entry, allocation.id);
  update_placement(edit.state(), node);
  edit.put(entry, std::move(allocation));
  edit.send(node, StartAllocation{group.allocation, entry.from});
}

// There is no node for it. What is on disk is changed only where the reason is another.
void wait(Edit& edit, InstanceEntry& entry, Allocation allocation) {
  State& state = edit.state();
  const AllocationId id = allocation.id;
  GroupEntry& group = entry.groups[id.group];
  const WaitReason reason =
      state.placement.size() == 0 ? WaitReason::no_node : WaitReason::nodes_avoided;
  if (reason == WaitReason::no_node) {
    state.waiting.insert(id);
  } else {
    set_deadline(state.delayed, group, id, edit.now().steady + limits::kAvoidedRetry);
  }
  const bool is_new = !group.allocation || group.allocation->id != id;
  if (!is_new && allocation.waits_for == reason) return;
  allocation.waits_for = reason;
  edit.put(entry, std::move(allocation));
}

// Returns whether the node counted it.
bool let_go(NodeEntry& node, const InstanceEntry& entry, const AllocationId& id) {
  if (node.allocations.erase(id) == 0) return false;
  if (entry.spec(id.group).is_exclusive()) --node.exclusive_allocations;
  return true;
}

}  // namespace

void place(Edit& edit, InstanceEntry& entry, Allocation allocation) {
  const AllocationId& id = allocation.id;
  const GroupEntry& group = entry.groups[id.group];
  const auto chosen = edit.state().placement.choose([&](const NodeId& node) {
    return !group.failures.empty() && avoids(group, node, edit.now().steady);
  });
  if (chosen) {
    assign(edit, entry, std::move(allocation), *chosen);
  } else {
    wait(edit, entry, std::move(allocation));
  }
}

void place_waiting(Edit& edit) {
  State& state = edit.state();
  for (std::size_t tried = 0; tried < limits::kPlacementsPerStep; ++tried) {
    if (state.waiting.empty() || state.placement.size() == 0) return;
    const AllocationId id = *state.waiting.begin();
    state.waiting.erase(state.waiting.begin());
    InstanceEntry& entry = state.instances.at(id.instance);
    const Ptr<Allocation> allocation = entry.groups.at(id.group).allocation;
    DROVER_CHECK(allocation->id == id, "what waits is a present copy");
    place(edit, entry, *allocation);
    settle(edit, id.instance);
  }
}

void release_delayed(Edit& edit) {
  State& state = edit.state();
  const auto now = edit.now().steady;
  for (std::size_t tried = 0; tried < limits::kPlacementsPerStep; ++tried) {
    if (state.delayed.empty() || state.delayed.begin()->first > now) return;
    if (!state.replacements.take(now)) return;
    const AllocationId id = state.delayed.begin()->second;
    InstanceEntry& entry = state.instances.at(id.instance);
    GroupEntry& group = entry.groups.at(id.group);
    cancel_deadline(state.delayed, group, id);
    const Ptr<Allocation> allocation = group.allocation;
    place(edit, entry, *allocation);
    settle(edit, id.instance);
  }
}

void release(Edit& edit, const InstanceEntry& entry, const Allocation& copy) {
  State& state = edit.state();
  if (!copy.node) return;
  const auto node = state.nodes.find(*copy.node);
  if (node == state.nodes.end() || !let_go(node->second, entry, copy.id)) return;
  update_placement(state, node->second);
  edit.send(node->second, RemoveAllocation{copy.id});
}

void withdraw(State& state, GroupEntry& group) {
  const AllocationId& id = group.allocation->id;
  state.waiting.erase(id);
  cancel_deadline(state.delayed, group, id);
  cancel_deadline(state.losses, group, id);
  group.due.reset();
}

void hold(NodeEntry& node, const InstanceEntry& entry, const AllocationId& id) {
  if (!node.allocations.insert(id).second) return;
  if (entry.spec(id.group).is_exclusive()) ++node.exclusive_allocations;
}

void set_deadline(Deadlines& deadlines, GroupEntry& group, const AllocationId& id,
                  std::chrono::milliseconds due) {
  cancel_deadline(deadlines, group, id);
  deadlines.emplace(due, id);
  group.due = due;
}

void cancel_deadline(Deadlines& deadlines, GroupEntry& group, const AllocationId& id) {
  if (!group.due) return;
  if (deadlines.erase({*group.due, id}) > 0) group.due.reset();
}

void update_placement(State& state, const NodeEntry& entry) {
  if (entry.session && entry.refuses_work.empty()) {
    state.placement.update(entry.node->id,
                           {entry.usage, entry.node->cpu_count, entry.allocations.size()});
  } else {
    state.placement.remove(entry.node->id);
  }
}

}  // namespace drover::core
