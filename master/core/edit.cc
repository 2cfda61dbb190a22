#include "master/core/edit.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "common/check.h"
#include "master/core/events.h"

namespace drover::core {
namespace {

std::vector<SlotRange> ranges_of(const std::map<std::uint32_t, Slot>& slots) {
  std::vector<SlotRange> ranges;
  for (const auto& [number, slot] : slots) {
    if (!ranges.empty() && ranges.back().first + ranges.back().count == number) {
      ++ranges.back().count;
    } else {
      ranges.push_back({number, 1});
    }
  }
  return ranges;
}

}  // namespace

void Edit::drop(InstanceEntry& entry, std::uint32_t slot) {
  outcome_.changes.dropped.push_back(entry.slots.at(slot).allocation->id);
  entry.drop(slot);
}

void Edit::drop_version(const std::string& name, std::uint32_t version) {
  state_.former_templates.erase({name, version});
  outcome_.changes.dropped_versions.emplace_back(name, version);
}

void Edit::put(Template record) {
  record.changed = now_.index;
  auto published = std::make_shared<const Template>(std::move(record));
  Ptr<Template>& newest = state_.templates[published->spec.name];
  tell(newest.get(), *published, now_.unix_ms, outcome_.changes.events);
  // Of one that was removed while nothing used it there is nothing that anybody could want.
  const bool is_empty = newest && newest->removed && newest->spec.groups.empty();
  if (newest && newest->version < published->version && !is_empty) {
    state_.former_templates.emplace(std::pair(newest->spec.name, newest->version), newest);
    outcome_.changes.former_templates.push_back(newest);
  }
  newest = published;
  outcome_.changes.templates.push_back(std::move(published));
}

void Edit::put(InstanceEntry& entry, Instance record) {
  record.changed = now_.index;
  if (std::exchange(entry.slots_changed, false)) record.slots = ranges_of(entry.slots);
  entry.slots_added = false;
  // One that is in the making has never been put.
  const bool is_known = entry.instance && entry.instance->changed != Index{};
  tell(is_known ? entry.instance.get() : nullptr, record, now_.unix_ms, outcome_.changes.events);
  entry.instance = std::make_shared<const Instance>(std::move(record));
  outcome_.changes.instances.push_back(entry.instance);
}

void Edit::put(InstanceEntry& entry, Allocation record) {
  record.changed = now_.index;
  auto published = std::make_shared<const Allocation>(std::move(record));
  tell(entry.slots.at(published->id.slot).allocation.get(), *published,
       entry.source(*published).get(), now_.unix_ms, outcome_.changes.events);
  entry.fill(published);
  outcome_.changes.allocations.push_back(std::move(published));
}

void Edit::put(NodeEntry& entry, Node record) {
  record.changed = now_.index;
  tell(entry.node.get(), record, now_.unix_ms, outcome_.changes.events);
  entry.node = std::make_shared<const Node>(std::move(record));
  outcome_.changes.nodes.push_back(entry.node);
}

void Edit::drop(NodeEntry& entry) {
  const NodeId id = entry.node->id;
  ClusterEvent& event = outcome_.changes.events.emplace_back();
  event.kind = EventKind::node_removed;
  event.time = now_.unix_ms;
  event.node = id;
  outcome_.changes.dropped_nodes.push_back(id);
  state_.nodes.erase(id);
}

void Edit::forget(const InstanceId& id, const std::string& template_name) {
  outcome_.changes.forgotten.push_back(id);
  ClusterEvent& event = outcome_.changes.events.emplace_back();
  event.kind = EventKind::instance_removed;
  event.time = now_.unix_ms;
  event.instance = id;
  event.template_name = template_name;
}

void Edit::finish(const InstanceId& id) {
  auto ended = state_.instances.extract(id);
  DROVER_CHECK(!ended.empty(), "only an instance of the hot state can end");
  InstanceEntry& entry = ended.mapped();
  if (entry.instance->scheduled_for) state_.scheduled.erase({entry.instance->template_name, id});
  state_.systems.erase(id);
  FinishedInstance finished{entry.instance, {}};
  finished.allocations.reserve(entry.slots.size());
  for (auto& [number, slot] : entry.slots)
    finished.allocations.push_back(std::move(slot.allocation));
  outcome_.changes.finished.push_back(std::move(finished));
}

}  // namespace drover::core
