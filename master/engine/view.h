// What readers may see: records that are durable, published after each commit. Any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/ids.h"
#include "common/mutex.h"
#include "master/core/outcome.h"
#include "master/core/records.h"
#include "master/core/state.h"
#include "master/engine/task_uses.h"
#include "master/engine/usage_history.h"
#include "master/engine/watchers.h"

namespace drover::engine {

// A node as it is now.
struct NodeStatus {
  core::Ptr<core::Node> node;
  core::Usage usage;          // zero while the node is offline
  std::string refuses_work;   // why it takes none; empty: it does, or is offline
  core::Resources reserved;   // of what is placed there, and of what is leaving it
  core::UnixMs heard_at = 0;  // the last sign of life; 0: none since the master began
};

// Why the master writes nothing any more.
struct ReadOnlyStatus {
  std::string reason;
  core::UnixMs since = 0;
};

// A map that many threads read while one writes: cut into shards, each with a lock of its own that
// is held for one look-up.
template <class Key, class Record, class Hash = std::hash<Key>, class Equal = std::equal_to<Key>>
class PublishedMap {
 public:
  template <class Name>
  core::Ptr<Record> find(const Name& key) const {
    const Shard& shard = shards_[place(Hash()(key))];
    const ReadLock lock(shard.mutex);
    const auto found = shard.records.find(key);
    return found == shard.records.end() ? nullptr : found->second;
  }
  // Gives back what was there before.
  core::Ptr<Record> put(const Key& key, core::Ptr<Record> record) {
    Shard& shard = shards_[place(Hash()(key))];
    const WriteLock lock(shard.mutex);
    core::Ptr<Record>& there = shard.records[key];
    if (!there) ++size_;
    return std::exchange(there, std::move(record));
  }
  core::Ptr<Record> erase(const Key& key) {
    Shard& shard = shards_[place(Hash()(key))];
    const WriteLock lock(shard.mutex);
    auto taken = shard.records.extract(key);
    if (taken.empty()) return nullptr;
    --size_;
    return std::move(taken.mapped());
  }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kShards = 64;
  struct Shard {
    mutable SharedMutex mutex;
    std::unordered_map<Key, core::Ptr<Record>, Hash, Equal> records DROVER_GUARDED_BY(mutex);
  };
  static std::size_t place(std::size_t hash) { return (hash ^ (hash >> 32)) % kShards; }

  std::array<Shard, kShards> shards_;
  std::atomic<std::size_t> size_{0};
};

class View {
 public:
  // Holds what `state` holds.
  explicit View(const core::State& state);

  // The newest version. Nothing: no such template.
  core::Ptr<core::Template> find_template(std::string_view name) const;

  // Nothing: there is no such version any more.
  core::Ptr<core::Template> find_version(const std::string& name, std::uint32_t version) const;

  // The newest versions of at most `most` templates, by their names, of those behind `name`.
  std::vector<core::Ptr<core::Template>> templates_after(const std::string& name,
                                                         std::size_t most) const;

  // The numbers of all versions that there are of it, ascending.
  std::vector<std::uint32_t> versions_of(const std::string& name) const;

  // Nothing: no such instance in the hot state; it may be in the history, where it is before it
  // leaves this view.
  core::Ptr<core::Instance> find_instance(const InstanceId& id) const;

  // Nothing: no such allocation in the hot state. It may be of a later batch than the instance that
  // it was found by.
  core::Ptr<core::Allocation> find_allocation(const InstanceId& id, std::uint32_t slot) const;

  // At most `most` of those that have not ended, the newest id first, from the one before `id` on.
  std::vector<core::Ptr<core::Instance>> instances_before(const std::optional<InstanceId>& id,
                                                          std::size_t most) const;

  // Those that have not ended.
  std::size_t live_instances() const { return instances_.size(); }
  // Those in that state.
  std::size_t live_instances(core::InstanceState state) const {
    return in_state_[static_cast<std::size_t>(state)].load(std::memory_order_relaxed);
  }
  static constexpr std::size_t kStates = static_cast<std::size_t>(core::InstanceState::lost) + 1;

  std::size_t templates() const;

  // That have come, but for those in hellos.
  std::uint64_t heartbeats() const { return heartbeats_.load(std::memory_order_relaxed); }

  core::ClusterStatus cluster() const;

  // Nothing: the store is well, as far as is known.
  std::optional<ReadOnlyStatus> read_only() const;

  // Nothing: no such node.
  core::Ptr<core::Node> find_node(const NodeId& id) const;

  // The oldest first; empty: there is no such node, or nothing was heard of it.
  std::vector<UsageSample> usage_history(const NodeId& id) const;

  // Nothing: it does not run, or was not measured yet.
  std::optional<core::MeasuredTask> find_use(const AttemptId& id) const { return uses_.find(id); }

  std::optional<NodeStatus> find_node_status(const NodeId& id) const;

  // What is placed on the node and has not ended, by their ids.
  std::vector<core::Ptr<core::Allocation>> allocations_on(const NodeId& id) const;

  // In the order of their ids, which is the order of their first registration.
  std::vector<NodeStatus> nodes() const;
  // At most `most` of those behind that one; all have an id behind none.
  std::vector<NodeStatus> nodes_after(const std::optional<NodeId>& id, std::size_t most) const;

  // Who is told when records have been published.
  Watchers& watchers() const { return watchers_; }

  // Engine thread, after a commit.
  void publish(const core::Changes& changes);
  void publish(const std::vector<core::NodeUsage>& usages);
  // Before the changes of the same batch, by which some of it may be over.
  void publish(const std::vector<core::MeasuredTask>& measured) { uses_.put(measured); }
  void count_heartbeat() { heartbeats_.fetch_add(1, std::memory_order_relaxed); }
  void publish(const core::ClusterStatus& status);
  void publish(ReadOnlyStatus status);

 private:
  void publish_records(const core::Changes& changes);
  void publish_versions(const core::Changes& changes);
  void publish_names(const core::Changes& changes);
  void publish_instances(const core::Changes& changes);
  void count(const core::Ptr<core::Instance>& before, const core::Ptr<core::Instance>& after);
  void publish_copies(const core::Changes& changes);
  void note_place(const core::Ptr<core::Allocation>& before,
                  const core::Ptr<core::Allocation>& after) DROVER_REQUIRES(places_mutex_);
  void put(const core::Ptr<core::Node>& node) DROVER_REQUIRES(nodes_mutex_);

  PublishedMap<std::string, core::Template, core::StringHash, std::equal_to<>> templates_;
  mutable SharedMutex versions_mutex_;
  std::set<std::string> template_names_ DROVER_GUARDED_BY(versions_mutex_);
  // All but the newest, by name and version.
  std::map<std::pair<std::string, std::uint32_t>, core::Ptr<core::Template>> former_templates_
      DROVER_GUARDED_BY(versions_mutex_);
  PublishedMap<InstanceId, core::Instance> instances_;
  // By the id of the slot's first allocation, whatever the generation of the present one.
  PublishedMap<AllocationId, core::Allocation> allocations_;

  mutable SharedMutex places_mutex_;
  std::set<InstanceId> instance_ids_ DROVER_GUARDED_BY(places_mutex_);
  // What is placed there and has not ended, by the same ids.
  std::unordered_map<NodeId, std::set<AllocationId>> placed_ DROVER_GUARDED_BY(places_mutex_);

  std::array<std::atomic<std::size_t>, kStates> in_state_{};
  std::atomic<std::uint64_t> heartbeats_{0};

  TaskUses uses_;

  mutable Watchers watchers_;

  mutable SharedMutex nodes_mutex_;
  std::map<NodeId, NodeStatus> nodes_ DROVER_GUARDED_BY(nodes_mutex_);
  std::unordered_map<NodeId, UsageHistory> histories_ DROVER_GUARDED_BY(nodes_mutex_);
  core::ClusterStatus cluster_ DROVER_GUARDED_BY(nodes_mutex_);
  std::optional<ReadOnlyStatus> read_only_ DROVER_GUARDED_BY(nodes_mutex_);
};

}  // namespace drover::engine
