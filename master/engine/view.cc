#include "master/engine/view.h"

namespace drover::engine {

View::View(const core::State& state) {
  for (const auto& [name, record] : state.templates) templates_.put(name, record);
  for (const auto& [id, entry] : state.instances) instances_.put(id, entry.instance);
  const WriteLock lock(nodes_mutex_);
  for (const auto& [id, entry] : state.nodes) put(entry.node);
}

core::Ptr<core::Template> View::find_template(std::string_view name) const {
  return templates_.find(name);
}

core::Ptr<core::Instance> View::find_instance(const InstanceId& id) const {
  return instances_.find(id);
}

std::vector<NodeStatus> View::nodes() const {
  std::vector<NodeStatus> list;
  const ReadLock lock(nodes_mutex_);
  list.reserve(nodes_.size());
  for (const auto& [id, status] : nodes_) list.push_back(status);
  return list;
}

void View::publish(const core::Changes& changes) {
  for (const auto& record : changes.templates) templates_.put(record->spec.name, record);
  for (const auto& record : changes.instances) instances_.put(record->id, record);
  // After the puts: a batch may hold an instance's changes and its end.
  for (const auto& ended : changes.finished) instances_.erase(ended.instance->id);
  if (changes.nodes.empty()) return;
  const WriteLock lock(nodes_mutex_);
  for (const auto& record : changes.nodes) put(record);
}

void View::publish(const std::vector<core::NodeUsage>& usages) {
  if (usages.empty()) return;
  const WriteLock lock(nodes_mutex_);
  for (const auto& [id, usage] : usages) {
    const auto found = nodes_.find(id);
    if (found != nodes_.end()) found->second.usage = usage;
  }
}

void View::put(const core::Ptr<core::Node>& node) {
  NodeStatus& status = nodes_[node->id];
  status.node = node;
  if (!node->online) status.usage = {};
}

}  // namespace drover::engine
