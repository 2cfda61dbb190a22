#include "tests/sim/oracle/truth.h"

#include <algorithm>

namespace drover::sim {

void Health::set(Trouble trouble, bool is_there, Time now) {
  if (is_there) {
    troubles_.insert(trouble);
  } else if (troubles_.erase(trouble) > 0) {
    since_ = ended_[trouble] = now;
  }
}

std::optional<Time> Health::free_of(std::initializer_list<Trouble> troubles) const {
  Time since = 0;
  for (const Trouble trouble : troubles) {
    if (troubles_.contains(trouble)) return std::nullopt;
    const auto ended = ended_.find(trouble);
    if (ended != ended_.end()) since = std::max(since, ended->second);
  }
  return since;
}

std::optional<Time> Health::calm_since() const {
  if (!troubles_.empty()) return std::nullopt;
  return since_;
}

void Records::apply(const core::Changes& changes) {
  for (const auto& record : changes.instances) instances[record->id] = record;
  for (const auto& record : changes.allocations) {
    allocations[{record->id.instance, record->id.slot}] = record;
    roles[{record->id.instance, record->id.slot}] = record->role;
  }
  for (const AllocationId& id : changes.dropped) allocations.erase({id.instance, id.slot});
  for (const auto& record : changes.nodes) nodes[record->id] = record;
  for (const auto& ended : changes.finished) {
    history.insert(ended.instance->id);
    instances.erase(ended.instance->id);
    for (const auto& record : ended.allocations) {
      allocations.erase({record->id.instance, record->id.slot});
    }
  }
}

const core::Allocation* Records::present(const AllocationId& id) const {
  const auto found = allocations.find({id.instance, id.slot});
  return found == allocations.end() ? nullptr : found->second.get();
}

std::optional<Time> Truth::calm_since(std::uint32_t machine) const {
  const auto node = nodes.find(machine);
  const std::optional<Time> here =
      node == nodes.end() ? std::optional<Time>(0) : node->second.calm_since();
  const auto there = master.calm_since();
  if (!here || !there) return std::nullopt;
  return std::max(*here, *there);
}

const core::GroupSpec* Truth::group(const AllocationId& id) const {
  const auto instance = instances.find(id.instance);
  if (instance == instances.end()) return nullptr;
  const auto from = templates.find(instance->second.template_name);
  if (from == templates.end()) return nullptr;
  const auto role = records.roles.find({id.instance, id.slot});
  const std::uint32_t group = role != records.roles.end()
                                  ? role->second.group
                                  : core::first_role(from->second, id.slot).group;
  return group < from->second.groups.size() ? &from->second.groups[group] : nullptr;
}

const TaskSpec* Truth::task(const AttemptId& id) const {
  const core::GroupSpec* spec = group(id.allocation);
  return spec != nullptr && id.task < spec->tasks.size() ? &spec->tasks[id.task] : nullptr;
}

}  // namespace drover::sim
