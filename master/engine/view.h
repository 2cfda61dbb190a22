// What readers may see: records that are durable, published after each commit. Any thread.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/ids.h"
#include "master/core/outcome.h"
#include "master/core/records.h"
#include "master/core/state.h"

namespace drover::engine {

// A node as it is now. `online` and `usage` are of the same moment.
struct NodeStatus {
  core::Ptr<core::Node> node;
  core::Usage usage;  // zero while offline
};

class View {
 public:
  // Fills the view before any reader is there.
  explicit View(const core::State& state);

  // Nothing: no such template.
  core::Ptr<core::Template> find_template(std::string_view name) const;

  // Nothing: no such instance in the hot state; it may be in the history.
  core::Ptr<core::Instance> find_instance(const InstanceId& id) const;

  // In the order of their ids, which is the order of their first registration.
  std::vector<NodeStatus> nodes() const;

  // Engine thread, after a commit.
  void publish(const core::Changes& changes);
  void publish_usage(const NodeId& node, core::Usage usage);

 private:
  template <class Key, class Record, class Hash = std::hash<Key>>
  class Shards;
  struct Contents;

  std::shared_ptr<Contents> contents_;
};

}  // namespace drover::engine
