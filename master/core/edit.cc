#include "master/core/edit.h"

#include <memory>

#include "common/check.h"

namespace drover::core {

void Edit::put(Template record) {
  record.changed = now_.index;
  auto published = std::make_shared<const Template>(std::move(record));
  state_.templates.insert_or_assign(published->spec.name, published);
  outcome_.changes.templates.push_back(std::move(published));
}

void Edit::put(InstanceEntry& entry, Instance record) {
  record.changed = now_.index;
  entry.instance = std::make_shared<const Instance>(std::move(record));
  outcome_.changes.instances.push_back(entry.instance);
}

void Edit::put(InstanceEntry& entry, Allocation record) {
  record.changed = now_.index;
  auto published = std::make_shared<const Allocation>(std::move(record));
  entry.fill(published);
  outcome_.changes.allocations.push_back(std::move(published));
}

void Edit::put(NodeEntry& entry, Node record) {
  record.changed = now_.index;
  entry.node = std::make_shared<const Node>(std::move(record));
  outcome_.changes.nodes.push_back(entry.node);
}

void Edit::finish(const InstanceId& id) {
  auto ended = state_.instances.extract(id);
  DROVER_CHECK(!ended.empty(), "only an instance of the hot state can end");
  InstanceEntry& entry = ended.mapped();
  FinishedInstance finished{entry.instance, {}};
  finished.allocations.reserve(entry.slots.size());
  for (auto& [number, slot] : entry.slots)
    finished.allocations.push_back(std::move(slot.allocation));
  outcome_.changes.finished.push_back(std::move(finished));
}

}  // namespace drover::core
