#include "master/core/reservations.h"

#include <utility>

#include "common/planted_bug.h"
#include "master/core/drain.h"

namespace drover::core {
namespace {

// Nothing: nobody knows any more what it was of.
std::optional<Resources> demand_of(const State& state, const AllocationId& id) {
  const auto instance = state.instances.find(id.instance);
  if (instance == state.instances.end()) return std::nullopt;
  const auto slot = instance->second.slots.find(id.slot);
  if (slot == instance->second.slots.end() || !slot->second.allocation) return std::nullopt;
  const Allocation& copy = *slot->second.allocation;
  if (!instance->second.source(copy)) return std::nullopt;
  return demand_of(instance->second.spec(copy));
}

bool takes_work(const NodeEntry& node) {
  return node.session && node.refuses_work.empty() && node.leaving_unknown == 0 &&
         !node.node->drain;
}

}  // namespace

void hold(NodeEntry& node, const InstanceEntry& entry, const Allocation& copy) {
  const GroupSpec& group = entry.spec(copy);
  const Resources demand = planted(PlantedBug::forget_to_reserve) ? Resources{} : demand_of(group);
  if (!node.allocations.emplace(copy.id, demand).second) return;
  node.reserved.add(demand);
  if (group.is_exclusive()) ++node.exclusive_allocations;
  if (copy.pinned) ++node.pinned_allocations;
}

bool let_go(NodeEntry& node, const InstanceEntry& entry, const Allocation& copy) {
  const auto held = node.allocations.find(copy.id);
  if (held == node.allocations.end()) return false;
  node.reserved.remove(held->second);
  node.allocations.erase(held);
  if (entry.spec(copy).is_exclusive()) --node.exclusive_allocations;
  if (copy.pinned) --node.pinned_allocations;
  return true;
}

void remove(Edit& edit, NodeEntry& node, const AllocationId& id) {
  // Without a session it hears nothing; its next hello says whether it still holds it.
  if (!node.session || node.leaving.contains(id)) return;
  edit.send(node, RemoveAllocation{id, true});
  if (planted(PlantedBug::release_early)) return;
  const auto demand = demand_of(edit.state(), id);
  node.leaving.emplace(id, demand);
  demand ? node.reserved.add(*demand) : void(++node.leaving_unknown);
}

void removed(NodeEntry& node, const AllocationId& id) {
  const auto found = node.leaving.find(id);
  if (found == node.leaving.end()) return;
  found->second ? node.reserved.remove(*found->second) : void(--node.leaving_unknown);
  node.leaving.erase(found);
}

void forget_leaving(NodeEntry& node) {
  while (!node.leaving.empty()) removed(node, node.leaving.begin()->first);
}

void update_placement(Edit& edit, NodeEntry& node) {
  State& state = edit.state();
  note_drained(edit, node);
  if (!takes_work(node)) return state.placement.remove(node.node->id);
  if (state.placement.update(offer_of(node))) {
    state.waiting.wake(*state.placement.find(node.node->id));
  }
}

void tell_load(Edit& edit, NodeEntry& node) {
  update_placement(edit, node);
  edit.publish(node);
}

Offer offer_of(const NodeEntry& node) { return {node.node, node.usage, node.reserved}; }

}  // namespace drover::core
