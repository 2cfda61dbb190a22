// From the stored records back to the hot state.
#include <memory>
#include <utility>

#include "master/core/instances.h"
#include "master/core/state.h"

namespace drover::core {
namespace {

// Stands for an allocation that cannot go on, because its own record or its template's could not be
// read: nobody knows what became of it.
Ptr<Allocation> unreadable_allocation(const InstanceEntry& entry, std::uint32_t group) {
  Allocation allocation;
  allocation.id = {entry.instance->id, group, 1};
  const bool known = entry.from && group < entry.from->spec.groups.size();
  allocation.tasks.resize(known ? entry.from->spec.groups[group].tasks.size() : 1);
  for (TaskStatus& task : allocation.tasks) {
    task.state = TaskState::lost;
    task.end = {EndKind::lost, 0, "its record could not be read"};
  }
  return std::make_shared<const Allocation>(std::move(allocation));
}

void place_again(State& state, const Ptr<Allocation>& allocation) {
  if (is_terminal(*allocation)) return;
  if (!allocation->node) {
    state.waiting.insert(allocation->id);
    return;
  }
  const auto node = state.nodes.find(*allocation->node);
  if (node != state.nodes.end()) node->second.allocations.insert(allocation->id);
}

}  // namespace

State rebuild(Recovered recovered, Settings settings, std::chrono::milliseconds now) {
  State state;
  state.settings = settings;
  for (Ptr<Template>& record : recovered.templates) {
    state.templates.emplace(record->spec.name, std::move(record));
  }
  for (Ptr<Node>& record : recovered.nodes) {
    NodeEntry& entry = state.nodes[record->id];
    if (record->online) {
      entry.lease_ends = now + settings.lease;
    } else {
      entry.lost_at = now + settings.lost_after;
    }
    entry.node = std::move(record);
  }
  for (Ptr<Instance>& record : recovered.instances) {
    InstanceEntry& entry = state.instances[record->id];
    const auto from = state.templates.find(record->template_name);
    if (from != state.templates.end()) entry.from = from->second;
    entry.allocations.resize(record->group_count);
    entry.instance = std::move(record);
  }
  for (Ptr<Allocation>& record : recovered.allocations) {
    const auto entry = state.instances.find(record->id.instance);
    if (entry == state.instances.end()) continue;
    if (record->id.group >= entry->second.allocations.size()) continue;
    entry->second.allocations[record->id.group] = std::move(record);
  }
  for (auto& [id, entry] : state.instances) {
    for (std::uint32_t group = 0; group < entry.allocations.size(); ++group) {
      Ptr<Allocation>& allocation = entry.allocations[group];
      const bool can_go_on = allocation && (allocation->node || entry.from);
      if (!can_go_on) allocation = unreadable_allocation(entry, group);
      place_again(state, allocation);
    }
    if (derive_state(entry) != entry.instance->state) state.unsettled.push_back(id);
  }
  return state;
}

}  // namespace drover::core
