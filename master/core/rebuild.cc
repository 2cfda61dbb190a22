// From the stored records back to the hot state.
#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "common/limits.h"
#include "master/core/again.h"
#include "master/core/drain.h"
#include "master/core/edit.h"
#include "master/core/instances.h"
#include "master/core/losses.h"
#include "master/core/parameters.h"
#include "master/core/placing.h"
#include "master/core/reservations.h"
#include "master/core/rollout.h"
#include "master/core/state.h"

namespace drover::core {
namespace {

// Stands for an allocation that cannot go on, because its own record or its template's could not be
// read: nobody knows what became of it.
Ptr<Allocation> unreadable_allocation(const InstanceEntry& entry, std::uint32_t slot) {
  Allocation allocation;
  allocation.id = {entry.instance->id, slot, 1};
  if (entry.from) allocation.role = first_role(entry.from->spec, slot);
  const std::size_t tasks = entry.spec(allocation).tasks.size();
  allocation.tasks.resize(std::max<std::size_t>(tasks, 1));
  for (TaskStatus& task : allocation.tasks) {
    task.state = TaskState::lost;
    task.end = {EndKind::lost, 0, "its record could not be read"};
  }
  return std::make_shared<const Allocation>(std::move(allocation));
}

// The node of an allocation. One whose own record could not be read is known by its id alone, until
// its agent says the rest.
NodeEntry& node_of(State& state, const Allocation& allocation) {
  NodeEntry& entry = state.nodes[*allocation.node];
  if (entry.node && !entry.node->secret_digest.empty()) return entry;
  Node node = entry.node ? *entry.node : Node{};
  node.id = *allocation.node;
  node.incarnation = std::max(node.incarnation, allocation.node_incarnation);
  entry.node = std::make_shared<const Node>(std::move(node));
  return entry;
}

// Of what is on a node that is offline, nobody knows how it stands.
void make_unknown(InstanceEntry& entry, const Allocation& copy) {
  Allocation unknown = copy;
  for (TaskStatus& task : unknown.tasks) {
    if (!is_terminal(task.state)) task.state = TaskState::unknown;
  }
  entry.fill(std::make_shared<const Allocation>(std::move(unknown)));
}

void wait_again(State& state, const InstanceEntry& entry, Slot& slot,
                std::chrono::milliseconds now) {
  const AllocationId& id = slot.allocation->id;
  if (id.generation == 1) {
    wait_for_node(state, entry, *slot.allocation, slot.allocation->waits_for);
  } else {
    set_deadline(state.delayed, slot, id, now + limits::kBackoffFirst);
  }
}

void place_again(Edit& edit, InstanceEntry& entry, Slot& slot) {
  State& state = edit.state();
  const auto now = edit.now().steady;
  const AllocationId id = slot.allocation->id;
  if (slot.allocation->original) {
    node_of(state, *slot.allocation->original).standbys.insert(slot.allocation->original->id);
  }
  if (is_terminal(*slot.allocation)) return;
  if (!slot.allocation->node) return wait_again(state, entry, slot, now);
  NodeEntry& node = node_of(state, *slot.allocation);
  hold(node, entry, *slot.allocation);
  slot.placed = now;
  if (node.node->online) return;
  make_unknown(entry, *slot.allocation);
  // The last master may have renewed the node's lease just before it ended itself.
  node.lease_ends = now + state.settings.lease;
  set_deadline(state.losses, slot, id, given_up_at(edit, entry, *slot.allocation, node));
  // A master that starts knows no more of these nodes than of those that go silent at once.
  state.guard.node_gone(node.node->id, now);
}

// Allocations without their instance: its record could not be read. What runs goes on under the
// instance's id, and can be stopped; without its template nothing of it is started any more.
std::vector<Ptr<Instance>> unreadable_instances(const State& state,
                                                const std::vector<Ptr<Allocation>>& allocations) {
  std::map<InstanceId, Instance> found;
  for (const Ptr<Allocation>& record : allocations) {
    if (state.instances.count(record->id.instance) > 0) continue;
    Instance& instance = found[record->id.instance];
    instance.id = record->id.instance;
    instance.slot_count = std::max(instance.slot_count, record->id.slot + 1);
    instance.slots.push_back({record->id.slot, 1});
  }
  std::vector<Ptr<Instance>> instances;
  for (auto& [id, instance] : found) {
    instances.push_back(std::make_shared<const Instance>(std::move(instance)));
  }
  return instances;
}

void add_template(State& state, Ptr<Template> record) {
  Ptr<Template>& newest = state.templates[record->spec.name];
  if (newest && newest->version > record->version) std::swap(newest, record);
  std::swap(newest, record);
  if (!record) return;
  const std::pair key(record->spec.name, record->version);
  state.former_templates.emplace(key, std::move(record));
}

Ptr<Template> resolved_version(const State& state, const Instance& instance,
                               std::uint32_t version) {
  const Ptr<Template> found = find_version(state, instance.template_name, version);
  return found ? resolve(found, instance.parameters) : nullptr;
}

void add_instances(State& state, std::vector<Ptr<Instance>> instances) {
  for (Ptr<Instance>& record : instances) {
    InstanceEntry& entry = state.instances[record->id];
    entry.from = resolved_version(state, *record, record->template_version);
    for_each_slot(*record, [&entry](std::uint32_t number) { entry.slots[number]; });
    if (record->scheduled_for) state.scheduled.emplace(record->template_name, record->id);
    if (entry.is_system()) state.systems.insert(record->id);
    entry.instance = std::move(record);
  }
}

void add_version(const State& state, InstanceEntry& entry, std::uint32_t version) {
  if (version == entry.instance->template_version || entry.others.contains(version)) return;
  if (auto other = resolved_version(state, *entry.instance, version)) {
    entry.others.emplace(version, std::move(other));
  }
}

// The other versions that there are copies of, or that an update may go back to.
void add_versions(const State& state, InstanceEntry& entry) {
  for (const auto& [number, slot] : entry.slots) {
    if (slot.allocation) add_version(state, entry, slot.allocation->version);
  }
  const auto& rollout = entry.instance->rollout;
  if (rollout && is_under_way(rollout->state)) add_version(state, entry, rollout->from_version);
}

bool is_in_rollout(const State& state, const InstanceEntry& entry) {
  if (!entry.is_kept_running()) return false;
  const auto& rollout = entry.instance->rollout;
  if ((rollout && is_under_way(rollout->state)) || !entry.instance->counts.empty()) return true;
  for (const auto& [number, slot] : entry.slots) {
    const Allocation& copy = *slot.allocation;
    if (copy.replaces || copy.retirement != Retirement::none) return true;
    if (entry.is_system() && !copy.pinned) return true;
    const auto node = copy.node ? state.nodes.find(*copy.node) : state.nodes.end();
    if (node != state.nodes.end() && node->second.node->drain) return true;
  }
  return false;
}

void add_allocations(State& state, std::vector<Ptr<Allocation>> allocations) {
  for (Ptr<Allocation>& record : allocations) {
    InstanceEntry& entry = state.instances.at(record->id.instance);
    if (entry.slots.contains(record->id.slot)) entry.fill(std::move(record));
  }
}

}  // namespace

State rebuild(Recovered recovered, Settings settings, std::chrono::milliseconds now) {
  State state;
  state.settings = settings;
  state.ticked = now;
  for (Ptr<Template>& record : recovered.templates) add_template(state, std::move(record));
  for (Ptr<Node>& record : recovered.nodes) {
    NodeEntry& entry = state.nodes[record->id];
    entry.node = std::move(record);
    if (!entry.node->online) continue;
    entry.lease_ends = now + settings.lease;
    came_online(state, entry, false);
  }
  for (auto& [id, entry] : state.nodes) plan_drain(state, entry, now);
  add_instances(state, std::move(recovered.instances));
  add_instances(state, unreadable_instances(state, recovered.allocations));
  add_allocations(state, std::move(recovered.allocations));
  // Nothing is changed on disk by a start: the outcome is of no interest.
  Outcome ignored;
  const Moment moment{now, 0, Index{}, 0};
  Edit edit(state, moment, ignored);
  std::vector<InstanceId> ids;
  for (const auto& [id, entry] : state.instances) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  for (const InstanceId& id : ids) {
    InstanceEntry& entry = state.instances.at(id);
    add_versions(state, entry);
    for (auto& [number, slot] : entry.slots) {
      slot.made = now;
      const bool can_go_on =
          slot.allocation && (slot.allocation->node || entry.source(*slot.allocation));
      if (!can_go_on) entry.fill(unreadable_allocation(entry, number));
      place_again(edit, entry, slot);
    }
    if (is_in_rollout(state, entry)) begin_rollout(state, entry);
    if (derive_state(entry) != entry.instance->state) state.unsettled.push_back(id);
  }
  state.guard.review(now, settings.lease, state.online_nodes);
  publish_cluster(edit);
  return state;
}

}  // namespace drover::core
