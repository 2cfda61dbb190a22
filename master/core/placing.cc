#include "master/core/placing.h"

#include <utility>

#include "common/check.h"
#include "common/limits.h"
#include "common/planted_bug.h"
#include "master/core/again.h"
#include "master/core/instances.h"

namespace drover::core {
namespace {

void assign(Edit& edit, InstanceEntry& entry, Allocation allocation, const NodeId& chosen) {
  NodeEntry& node = edit.state().nodes.at(chosen);
  Slot& slot = entry.slots[allocation.id.slot];
  allocation.node = chosen;
  allocation.node_incarnation = node.node->incarnation;
  allocation.placed_at = edit.now().unix_ms;
  allocation.waits_for = WaitReason::none;
  slot.placed = edit.now().steady;
  hold(node, entry, allocation);
  update_placement(edit.state(), node);
  edit.put(entry, std::move(allocation));
  edit.send(node, StartAllocation{slot.allocation, entry.from});
}

// There is no node for it. What is on disk is changed only where the reason is another.
void wait(Edit& edit, InstanceEntry& entry, Allocation allocation) {
  State& state = edit.state();
  const AllocationId id = allocation.id;
  Slot& slot = entry.slots[id.slot];
  const WaitReason reason =
      state.placement.size() == 0 ? WaitReason::no_node : WaitReason::nodes_avoided;
  if (reason == WaitReason::no_node) {
    state.waiting.insert(id);
  } else {
    set_deadline(state.delayed, slot, id, edit.now().steady + limits::kAvoidedRetry);
  }
  const bool is_new = !slot.allocation || slot.allocation->id != id;
  if (!is_new && allocation.waits_for == reason) return;
  allocation.waits_for = reason;
  edit.put(entry, std::move(allocation));
}

// Returns whether the node counted it.
bool let_go(NodeEntry& node, const InstanceEntry& entry, const Allocation& copy) {
  if (node.allocations.erase(copy.id) == 0) return false;
  if (entry.spec(copy).is_exclusive()) --node.exclusive_allocations;
  return true;
}

// It leaves because the copy that it stood in for is back.
bool is_taken_over(const Allocation& copy) { return copy.original && !is_terminal(copy); }

}  // namespace

void place(Edit& edit, InstanceEntry& entry, Allocation allocation) {
  const AllocationId& id = allocation.id;
  const Slot& slot = entry.slots[id.slot];
  const auto chosen = edit.state().placement.choose([&](const NodeId& node) {
    return !slot.failures.empty() && avoids(slot, node, edit.now().steady);
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
    const Ptr<Allocation> allocation = entry.slots.at(id.slot).allocation;
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
    Slot& slot = entry.slots.at(id.slot);
    cancel_deadline(state.delayed, slot, id);
    const Ptr<Allocation> allocation = slot.allocation;
    place(edit, entry, *allocation);
    settle(edit, id.instance);
  }
}

void release(Edit& edit, const InstanceEntry& entry, const Allocation& copy) {
  State& state = edit.state();
  if (!copy.node) return;
  const auto node = state.nodes.find(*copy.node);
  if (node == state.nodes.end() || !let_go(node->second, entry, copy)) return;
  update_placement(state, node->second);
  if (planted(PlantedBug::keep_both) && is_taken_over(copy)) return;
  edit.send(node->second, RemoveAllocation{copy.id});
}

void withdraw(State& state, Slot& slot) {
  const AllocationId& id = slot.allocation->id;
  state.waiting.erase(id);
  cancel_deadline(state.delayed, slot, id);
  cancel_deadline(state.losses, slot, id);
  slot.due.reset();
}

void hold(NodeEntry& node, const InstanceEntry& entry, const Allocation& copy) {
  if (!node.allocations.insert(copy.id).second) return;
  if (entry.spec(copy).is_exclusive()) ++node.exclusive_allocations;
}

void set_deadline(Deadlines& deadlines, Slot& slot, const AllocationId& id,
                  std::chrono::milliseconds due) {
  cancel_deadline(deadlines, slot, id);
  deadlines.emplace(due, id);
  slot.due = due;
}

void cancel_deadline(Deadlines& deadlines, Slot& slot, const AllocationId& id) {
  if (!slot.due) return;
  if (deadlines.erase({*slot.due, id}) > 0) slot.due.reset();
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
