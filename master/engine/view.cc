#include "master/engine/view.h"

#include <algorithm>
#include <utility>

namespace drover::engine {
namespace {

AllocationId place_of(const InstanceId& instance, std::uint32_t slot) {
  return {instance, slot, 1};
}

}  // namespace

View::View(const core::State& state) : former_templates_(state.former_templates) {
  {
    const WriteLock lock(versions_mutex_);
    for (const auto& [name, record] : state.templates) {
      templates_.put(name, record);
      template_names_.insert(name);
    }
  }
  for (const auto& [id, entry] : state.instances) {
    instances_.put(id, entry.instance);
    for (const auto& [number, slot] : entry.slots) {
      allocations_.put(place_of(id, number), slot.allocation);
    }
  }
  const WriteLock lock(nodes_mutex_);
  for (const auto& [id, entry] : state.nodes) {
    put(entry.node);
    nodes_[id].reserved = entry.reserved.sum;
  }
  cluster_ = state.cluster;
}

core::Ptr<core::Template> View::find_template(std::string_view name) const {
  return templates_.find(name);
}

core::Ptr<core::Template> View::find_version(const std::string& name, std::uint32_t version) const {
  auto newest = find_template(name);
  if (newest && newest->version == version) return newest;
  const ReadLock lock(versions_mutex_);
  const auto found = former_templates_.find({name, version});
  return found == former_templates_.end() ? nullptr : found->second;
}

std::vector<core::Ptr<core::Template>> View::templates_after(const std::string& name,
                                                             std::size_t most) const {
  std::vector<core::Ptr<core::Template>> page;
  const ReadLock lock(versions_mutex_);
  for (auto next = template_names_.upper_bound(name);
       next != template_names_.end() && page.size() < most; ++next) {
    if (auto found = find_template(*next)) page.push_back(std::move(found));
  }
  return page;
}

std::vector<std::uint32_t> View::versions_of(const std::string& name) const {
  std::vector<std::uint32_t> versions;
  const auto newest = find_template(name);
  const ReadLock lock(versions_mutex_);
  for (auto each = former_templates_.lower_bound({name, 0});
       each != former_templates_.end() && each->first.first == name; ++each) {
    if (!newest || each->first.second != newest->version) versions.push_back(each->first.second);
  }
  if (newest) versions.push_back(newest->version);
  return versions;
}

core::Ptr<core::Instance> View::find_instance(const InstanceId& id) const {
  return instances_.find(id);
}

core::Ptr<core::Allocation> View::find_allocation(const InstanceId& id, std::uint32_t slot) const {
  return allocations_.find(place_of(id, slot));
}

core::ClusterStatus View::cluster() const {
  const ReadLock lock(nodes_mutex_);
  return cluster_;
}

std::optional<ReadOnlyStatus> View::read_only() const {
  const ReadLock lock(nodes_mutex_);
  return read_only_;
}

core::Ptr<core::Node> View::find_node(const NodeId& id) const {
  const ReadLock lock(nodes_mutex_);
  const auto found = nodes_.find(id);
  return found == nodes_.end() ? nullptr : found->second.node;
}

std::optional<NodeStatus> View::find_node_status(const NodeId& id) const {
  const ReadLock lock(nodes_mutex_);
  const auto found = nodes_.find(id);
  if (found == nodes_.end()) return std::nullopt;
  return found->second;
}

std::vector<core::Ptr<core::Allocation>> View::allocations_on(const NodeId& id) const {
  std::vector<core::Ptr<core::Allocation>> found;
  allocations_.for_each([&](const core::Ptr<core::Allocation>& copy) {
    if (copy->node == id && !core::is_terminal(*copy)) found.push_back(copy);
  });
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a->id < b->id; });
  return found;
}

std::vector<NodeStatus> View::nodes() const {
  std::vector<NodeStatus> list;
  const ReadLock lock(nodes_mutex_);
  list.reserve(nodes_.size());
  for (const auto& [id, status] : nodes_) list.push_back(status);
  return list;
}

std::vector<NodeStatus> View::nodes_after(const std::optional<NodeId>& id, std::size_t most) const {
  std::vector<NodeStatus> page;
  const ReadLock lock(nodes_mutex_);
  for (auto next = id ? nodes_.upper_bound(*id) : nodes_.begin();
       next != nodes_.end() && page.size() < most; ++next) {
    page.push_back(next->second);
  }
  return page;
}

void View::publish(const core::Changes& changes) {
  publish_records(changes);
  watchers_.published(changes);
}

void View::publish_records(const core::Changes& changes) {
  publish_versions(changes);
  for (const auto& record : changes.templates) templates_.put(record->spec.name, record);
  publish_names(changes);
  for (const auto& record : changes.instances) instances_.put(record->id, record);
  for (const auto& record : changes.allocations) {
    allocations_.put(place_of(record->id.instance, record->id.slot), record);
  }
  // After the puts: a batch may hold an instance's changes and its end.
  for (const AllocationId& id : changes.dropped) allocations_.erase(place_of(id.instance, id.slot));
  for (const auto& ended : changes.finished) {
    instances_.erase(ended.instance->id);
    for (const auto& allocation : ended.allocations) {
      allocations_.erase(place_of(ended.instance->id, allocation->id.slot));
    }
  }
  if (changes.nodes.empty()) return;
  const WriteLock lock(nodes_mutex_);
  for (const auto& record : changes.nodes) put(record);
}

// Before the newest: whoever looks finds each version in one place or the other.
void View::publish_versions(const core::Changes& changes) {
  if (changes.former_templates.empty() && changes.dropped_versions.empty()) return;
  const WriteLock lock(versions_mutex_);
  for (const auto& record : changes.former_templates) {
    former_templates_[{record->spec.name, record->version}] = record;
  }
  for (const auto& dropped : changes.dropped_versions) former_templates_.erase(dropped);
}

void View::publish_names(const core::Changes& changes) {
  if (changes.templates.empty()) return;
  const WriteLock lock(versions_mutex_);
  for (const auto& record : changes.templates) template_names_.insert(record->spec.name);
}

void View::publish(const std::vector<core::NodeUsage>& usages) {
  if (usages.empty()) return;
  const WriteLock lock(nodes_mutex_);
  for (const core::NodeUsage& news : usages) {
    const auto found = nodes_.find(news.node);
    if (found == nodes_.end()) continue;
    found->second.usage = news.usage;
    found->second.refuses_work = news.refuses_work;
    if (news.reserved) found->second.reserved = *news.reserved;
  }
}

void View::publish(const core::ClusterStatus& status) {
  const WriteLock lock(nodes_mutex_);
  cluster_ = status;
}

void View::publish(ReadOnlyStatus status) {
  const WriteLock lock(nodes_mutex_);
  read_only_ = std::move(status);
}

void View::put(const core::Ptr<core::Node>& node) {
  NodeStatus& status = nodes_[node->id];
  status.node = node;
  if (!node->online) {
    status.usage = {};
    status.refuses_work.clear();
  }
}

}  // namespace drover::engine
