#include "master/core/systems.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "common/planted_bug.h"
#include "master/core/instances.h"
#include "master/core/rollout.h"

namespace drover::core {

void line_up_all(Edit& edit, const NodeEntry& node) {
  if (planted(PlantedBug::forget_newcomers)) return;
  // By value: one that is settled may end.
  const std::set<InstanceId> systems = edit.state().systems;
  for (const InstanceId& id : systems) line_up(edit, edit.state().instances.at(id), node);
}

void drop_waiting(Edit& edit, const NodeEntry& node) {
  const std::set<InstanceId> systems = edit.state().systems;
  for (const InstanceId& id : systems) {
    InstanceEntry& entry = edit.state().instances.at(id);
    const auto found = entry.pinned.find(node.node->id);
    if (found == entry.pinned.end()) continue;
    const std::vector<std::uint32_t> there = found->second;
    for (const std::uint32_t slot : there) {
      const Allocation& copy = *entry.slots.at(slot).allocation;
      if (!copy.node && !is_terminal(copy)) retire(edit, entry, slot, Retirement::replaced);
    }
    settle(edit, id);
  }
}

void line_up_vacated(Edit& edit) {
  State& state = edit.state();
  for (const auto& [instance, node] : std::exchange(state.vacated, {})) {
    const auto entry = state.instances.find(instance);
    const auto there = state.nodes.find(node);
    if (entry == state.instances.end() || there == state.nodes.end()) continue;
    line_up(edit, entry->second, there->second);
  }
}

void end_emptied(Edit& edit) {
  for (const NodeId& id : std::exchange(edit.state().emptied, {})) {
    const NodeEntry& node = edit.state().nodes.at(id);
    if (!node.node->drain) continue;
    const std::map<AllocationId, Resources> left = node.allocations;
    for (const auto& [copy, demand] : left) {
      InstanceEntry& entry = edit.state().instances.at(copy.instance);
      if (!entry.slots.at(copy.slot).allocation->pinned) continue;
      retire(edit, entry, copy.slot, Retirement::replaced);
      settle(edit, copy.instance);
    }
  }
}

}  // namespace drover::core
