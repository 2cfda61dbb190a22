#include "master/engine/view.h"

#include <utility>

namespace drover::engine {
namespace {

AllocationId place_of(const InstanceId& instance, std::uint32_t slot) {
  return {instance, slot, 1};
}

// Nothing: it takes no place.
std::optional<NodeId> node_of(const core::Ptr<core::Allocation>& copy) {
  return copy && !core::is_terminal(*copy) ? copy->node : std::nullopt;
}

}  // namespace

View::View(const core::State& state) : former_templates_(state.former_templates) {
  {
    const WriteLock lock(versions_mutex_);
    for (const auto& [name, record] : state.templates) {
      templates_.put(name, record);
      if (!record->removed) template_names_.insert(name);
    }
  }
  {
    const WriteLock lock(places_mutex_);
    for (const auto& [id, entry] : state.instances) {
      count(instances_.put(id, entry.instance), entry.instance);
      instance_ids_.insert(id);
      for (const auto& [number, slot] : entry.slots) {
        allocations_.put(place_of(id, number), slot.allocation);
        note_place(nullptr, slot.allocation);
      }
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
  auto newest = templates_.find(name);
  return newest && newest->removed ? nullptr : newest;
}

core::Ptr<core::Template> View::find_version(const std::string& name, std::uint32_t version) const {
  auto newest = templates_.find(name);
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

std::size_t View::templates() const {
  const ReadLock lock(versions_mutex_);
  return template_names_.size();
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

std::vector<UsageSample> View::usage_history(const NodeId& id) const {
  const ReadLock lock(nodes_mutex_);
  const auto found = histories_.find(id);
  return found == histories_.end() ? std::vector<UsageSample>() : found->second.samples();
}

std::vector<core::Ptr<core::Allocation>> View::allocations_on(const NodeId& id) const {
  std::vector<core::Ptr<core::Allocation>> found;
  const ReadLock lock(places_mutex_);
  const auto there = placed_.find(id);
  if (there == placed_.end()) return found;
  for (const AllocationId& place : there->second) {
    if (auto copy = allocations_.find(place)) found.push_back(std::move(copy));
  }
  return found;
}

std::vector<core::Ptr<core::Instance>> View::instances_before(const std::optional<InstanceId>& id,
                                                              std::size_t most) const {
  std::vector<core::Ptr<core::Instance>> found;
  const ReadLock lock(places_mutex_);
  auto next = id ? instance_ids_.lower_bound(*id) : instance_ids_.end();
  while (next != instance_ids_.begin() && found.size() < most) {
    if (auto instance = instances_.find(*--next)) found.push_back(std::move(instance));
  }
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
  publish_instances(changes);
  publish_copies(changes);
  if (changes.nodes.empty() && changes.dropped_nodes.empty()) return;
  const WriteLock lock(nodes_mutex_);
  for (const auto& record : changes.nodes) put(record);
  for (const NodeId& id : changes.dropped_nodes) {
    nodes_.erase(id);
    histories_.erase(id);
  }
}

void View::publish_instances(const core::Changes& changes) {
  std::vector<InstanceId> made;
  for (const auto& record : changes.instances) {
    const auto before = instances_.put(record->id, record);
    if (!before) made.push_back(record->id);
    count(before, record);
  }
  if (made.empty()) return;
  const WriteLock lock(places_mutex_);
  instance_ids_.insert(made.begin(), made.end());
}

// What goes, after the puts: a batch may hold an instance's changes and its end.
void View::publish_copies(const core::Changes& changes) {
  if (changes.allocations.empty() && changes.dropped.empty() && changes.finished.empty()) return;
  const WriteLock lock(places_mutex_);
  const auto drop = [this](const AllocationId& place) DROVER_REQUIRES(places_mutex_) {
    const auto before = allocations_.erase(place);
    note_place(before, nullptr);
    if (before) uses_.drop(before->id);
  };
  for (const auto& record : changes.allocations) {
    const auto before = allocations_.put(place_of(record->id.instance, record->id.slot), record);
    note_place(before, record);
    if (before && (before->id != record->id || !node_of(record))) uses_.drop(before->id);
  }
  for (const AllocationId& id : changes.dropped) drop(place_of(id.instance, id.slot));
  for (const auto& ended : changes.finished) {
    count(instances_.erase(ended.instance->id), nullptr);
    instance_ids_.erase(ended.instance->id);
    for (const auto& allocation : ended.allocations) {
      drop(place_of(ended.instance->id, allocation->id.slot));
    }
  }
}

void View::count(const core::Ptr<core::Instance>& before, const core::Ptr<core::Instance>& after) {
  if (before) --in_state_[static_cast<std::size_t>(before->state)];
  if (after) ++in_state_[static_cast<std::size_t>(after->state)];
}

void View::note_place(const core::Ptr<core::Allocation>& before,
                      const core::Ptr<core::Allocation>& after) {
  const auto from = node_of(before);
  const auto to = node_of(after);
  if (from == to) return;
  const core::Allocation& copy = before ? *before : *after;
  const AllocationId place = place_of(copy.id.instance, copy.id.slot);
  if (from) {
    const auto there = placed_.find(*from);
    there->second.erase(place);
    if (there->second.empty()) placed_.erase(there);
  }
  if (to) placed_[*to].insert(place);
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
  for (const auto& record : changes.templates) {
    if (record->removed) {
      template_names_.erase(record->spec.name);
    } else {
      template_names_.insert(record->spec.name);
    }
  }
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
    if (news.heard_at == 0 || news.heard_at == found->second.heard_at) continue;
    found->second.heard_at = news.heard_at;
    histories_[news.node].add(news.heard_at, news.usage);
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
