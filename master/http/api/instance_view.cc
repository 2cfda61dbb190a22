#include "master/http/api/instance_view.h"

#include <map>
#include <memory>
#include <utility>

#include "master/core/parameters.h"
#include "master/engine/view.h"
#include "master/http/api/answers.h"
#include "master/store/store.h"

namespace drover::http {
namespace {

// Of each copy that waits for a node.
Explanations why_waiting(const Services& services, const core::Instance& instance,
                         const Versions& versions,
                         const std::vector<core::Ptr<core::Allocation>>& slots) {
  Explanations found;
  if (core::is_terminal(instance.state)) return found;
  Versions resolved;  // as far as something waits
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::shared_ptr<const Explanation>> of_groups;
  std::vector<engine::NodeStatus> nodes;
  for (const auto& slot : slots) {
    const auto version = versions.find(slot->version);
    if (slot->node || core::is_terminal(*slot) || version == versions.end()) continue;
    auto& from = resolved[slot->version];
    if (!from) from = core::resolve(version->second, instance.parameters);
    if (slot->role.group >= from->spec.groups.size()) continue;
    const core::GroupSpec& group = from->spec.groups[slot->role.group];
    if (slot->pinned) {
      std::vector<engine::NodeStatus> only;
      if (auto node = services.view.find_node_status(*slot->pinned)) only.push_back(*node);
      found[slot->id.slot] = std::make_shared<const Explanation>(explain(group, only));
      continue;
    }
    auto& shared = of_groups[{slot->version, slot->role.group}];
    if (nodes.empty()) nodes = services.view.nodes();
    if (!shared) shared = std::make_shared<const Explanation>(explain(group, nodes));
    found[slot->id.slot] = shared;
  }
  return found;
}

// All slots of an instance that is in the hot state; nothing if it has just left it.
std::optional<std::vector<core::Ptr<core::Allocation>>> slots_of(const engine::View& view,
                                                                 const core::Instance& instance) {
  std::vector<core::Ptr<core::Allocation>> slots;
  core::for_each_slot(instance, [&](std::uint32_t slot) {
    // One that has just gone is not of interest.
    if (auto copy = view.find_allocation(instance.id, slot)) slots.push_back(std::move(copy));
  });
  if (!view.find_instance(instance.id)) return std::nullopt;
  return slots;
}

NodeLacks lacks_of(const engine::View& view, const WholeInstance& whole) {
  NodeLacks lacks;
  for (const auto& slot : whole.slots) {
    if (!slot->node || lacks.contains(*slot->node)) continue;
    const auto node = view.find_node(*slot->node);
    if (node) lacks.emplace(node->id, node->degraded);
  }
  return lacks;
}

MeasuredTasks uses_of(const engine::View& view, const WholeInstance& whole) {
  MeasuredTasks uses;
  if (core::is_terminal(whole.instance->state)) return uses;
  for (const auto& slot : whole.slots) {
    for (std::uint32_t task = 0; task < slot->tasks.size(); ++task) {
      const AttemptId id{slot->id, task, slot->tasks[task].attempt};
      if (auto use = view.find_use(id)) uses.emplace(id, *use);
    }
  }
  return uses;
}

}  // namespace

Versions versions_of(const Services& services, const WholeInstance& whole) {
  Versions found;
  for (const auto& slot : whole.slots) {
    if (found.contains(slot->version)) continue;
    auto version = services.view.find_version(whole.instance->template_name, slot->version);
    if (version) found.emplace(slot->version, std::move(version));
  }
  return found;
}

Index WholeInstance::index() const { return index_of(*instance, slots); }

Result<std::optional<WholeInstance>> find_instance(const Services& services, const InstanceId& id) {
  // In this order: an instance is in the history before it leaves the view.
  if (auto instance = services.view.find_instance(id)) {
    if (auto slots = slots_of(services.view, *instance)) {
      return std::optional(WholeInstance{std::move(instance), std::move(*slots)});
    }
  }
  auto finished = services.store.find_finished(id);
  if (!finished) return finished.error();
  if (!*finished) return std::optional<WholeInstance>();
  return std::optional(
      WholeInstance{std::move((*finished)->instance), std::move((*finished)->allocations)});
}

Problem unknown_instance(const InstanceId& id) {
  return {Code::unknown_instance,
          "no instance has the id " + id.text() +
              "; it was never deployed, or is older than the history that is kept",
          ""};
}

Response show(const Services& services, const WholeInstance& whole) {
  Surroundings around{versions_of(services, whole), services.view.cluster()};
  around.lacks = lacks_of(services.view, whole);
  around.why_waiting = why_waiting(services, *whole.instance, around.versions, whole.slots);
  around.uses = uses_of(services.view, whole);
  return with_body(instance_json(*whole.instance, whole.slots, around));
}

}  // namespace drover::http
