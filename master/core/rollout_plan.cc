#include "master/core/rollout_plan.h"

#include <algorithm>
#include <utility>

#include "master/core/constraints.h"

namespace drover::core {
namespace {

bool is_well(const TaskStatus& task, const TaskSpec& spec) {
  if (task.state == TaskState::succeeded) return true;
  const bool is_judged_well = !spec.health || task.health.state == Health::healthy;
  return task.state == TaskState::running && is_judged_well;
}

std::uint32_t wanted_copies(const InstanceEntry& entry, std::uint32_t group) {
  const GroupSpec& spec = entry.from->spec.groups[group];
  const auto scaled = entry.instance->counts.find(spec.name_or(group));
  return scaled == entry.instance->counts.end() ? spec.copies() : scaled->second;
}

// The group of the wanted version that the copy's group is called like.
std::optional<std::uint32_t> wanted_group(const InstanceEntry& entry, const Allocation& copy) {
  if (copy.version == entry.from->version) return copy.role.group;
  return entry.from->spec.find_group(entry.spec(copy).name_or(copy.role.group));
}

bool is_on_draining_node(const State& state, const Allocation& copy) {
  if (!copy.node) return false;
  const auto node = state.nodes.find(*copy.node);
  return node != state.nodes.end() && node->second.node->drain;
}

Plan plan_of_service(const State& state, const InstanceEntry& entry) {
  Plan plan;
  plan.roles.resize(entry.from->spec.groups.size());
  for (std::uint32_t group = 0; group < plan.roles.size(); ++group) {
    for (std::uint32_t index = 0; index < wanted_copies(entry, group); ++index) {
      plan.roles[group].push_back({index});
    }
  }
  for (const auto& [number, slot] : entry.slots) {
    const Allocation& copy = *slot.allocation;
    const auto group = wanted_group(entry, copy);
    const bool wanted = group && copy.role.index < plan.roles[*group].size();
    if (copy.retirement == Retirement::replaced) {
      if (wanted) plan.roles[*group][copy.role.index].leaving.push_back(number);
    } else if (!wanted) {
      plan.unwanted.push_back(number);
    } else {
      Role& role = plan.roles[*group][copy.role.index];
      const bool outdated = copy.version != entry.from->version || is_on_draining_node(state, copy);
      (outdated ? role.outdated : role.staying).push_back(number);
    }
  }
  return plan;
}

// What is outdated on a node that takes nothing new stays as it is until the node does.
void add_node(const InstanceEntry& entry, const NodeEntry& node, Plan& plan) {
  const auto& groups = entry.from->spec.groups;
  const bool may_begin = node.node->online && !node.node->drain;
  // Of a node whose record could not be read nobody knows what holds there, until it says so.
  const bool is_unread = node.node->secret_digest.empty();
  std::vector<Role> roles(groups.size());
  std::vector<bool> fits(groups.size());
  for (std::size_t group = 0; group < groups.size(); ++group) {
    fits[group] = is_unread || all_hold(groups[group].constraints, *node.node);
  }
  const auto pinned = entry.pinned.find(node.node->id);
  if (pinned != entry.pinned.end()) {
    for (const std::uint32_t number : pinned->second) {
      const Allocation& copy = *entry.slots.at(number).allocation;
      const auto group = wanted_group(entry, copy);
      if (copy.retirement == Retirement::replaced) {
        if (group) roles[*group].leaving.push_back(number);
      } else if (!group || !fits[*group]) {
        plan.unwanted.push_back(number);
      } else {
        Role& role = roles[*group];
        const bool outdated = copy.version != entry.from->version && may_begin;
        (outdated ? role.outdated : role.staying).push_back(number);
      }
      if (group) roles[*group].index = copy.role.index;
    }
  }
  for (std::size_t group = 0; group < groups.size(); ++group) {
    Role& role = roles[group];
    role.pinned = node.node->id;
    if (role.is_empty() && !(fits[group] && may_begin)) continue;
    // Of what is leaving a node that takes nothing new, nothing follows.
    if (!may_begin && role.staying.empty()) continue;
    plan.roles[group].push_back(std::move(role));
  }
}

}  // namespace

bool is_well(const InstanceEntry& entry, const Allocation& copy) {
  static const TaskSpec kUnreadable;
  const std::vector<TaskSpec>& specs = entry.spec(copy).tasks;
  for (std::size_t task = 0; task < copy.tasks.size(); ++task) {
    if (!is_well(copy.tasks[task], task < specs.size() ? specs[task] : kUnreadable)) return false;
  }
  return true;
}

bool waits_for_its_node(const InstanceEntry& entry, const Allocation& copy) {
  if (!copy.pinned || copy.node) return false;
  if (copy.waits_for == WaitReason::its_node) return true;
  const bool has_no_place =
      copy.waits_for == WaitReason::no_room || copy.waits_for == WaitReason::no_match;
  return has_no_place && !entry.ended_for_update.contains(*copy.pinned);
}

bool has_failed(const Allocation& copy) {
  if (is_terminal(copy)) return worst_task(copy).state == TaskState::failed;
  if (copy.former.empty() || copy.former.back().slot) return false;
  return copy.former.back().state == TaskState::failed;
}

Plan plan_of(const State& state, const InstanceEntry& entry) {
  if (!entry.is_system()) return plan_of_service(state, entry);
  std::vector<const NodeEntry*> nodes;
  nodes.reserve(state.nodes.size());
  for (const auto& [id, node] : state.nodes) nodes.push_back(&node);
  std::sort(nodes.begin(), nodes.end(), [](const NodeEntry* left, const NodeEntry* right) {
    return left->node->id < right->node->id;
  });
  Plan plan;
  plan.roles.resize(entry.from->spec.groups.size());
  for (const NodeEntry* node : nodes) add_node(entry, *node, plan);
  for (const auto& [number, slot] : entry.slots) {
    // Its record could not be read: nobody knows on which node it was.
    if (!slot.allocation->pinned) plan.unwanted.push_back(number);
  }
  return plan;
}

Plan plan_of(const InstanceEntry& entry, const NodeEntry& node) {
  Plan plan;
  plan.roles.resize(entry.from->spec.groups.size());
  add_node(entry, node, plan);
  return plan;
}

}  // namespace drover::core
