// The hot state: everything that is wanted, running, or able to run something. What has ended is
// not in it. Owned and touched by one thread.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/ids.h"
#include "common/limits.h"
#include "master/core/placement.h"
#include "master/core/records.h"

namespace drover::core {

struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

struct InstanceEntry {
  Ptr<Instance> instance;
  Ptr<Template> from;
  std::vector<Ptr<Allocation>> allocations;  // one for each group, in the template's order
};

struct NodeEntry {
  Ptr<Node> node;
  std::optional<SessionId> session;  // absent: no stream is open
  Usage usage;
  // Monotonic. Without a sign of life by then, the node is offline.
  std::chrono::milliseconds lease_ends{0};
  // Monotonic, set while the node is offline and has allocations: then they are lost.
  std::optional<std::chrono::milliseconds> lost_at;
  std::set<AllocationId> allocations;  // placed here and not ended
};

// What can be set by an operator; the defaults are those of common/limits.h.
struct Settings {
  std::chrono::milliseconds lease = limits::kLease;
  std::chrono::milliseconds lost_after = limits::kLostAfter;
};

struct State {
  Settings settings;
  std::unordered_map<std::string, Ptr<Template>, StringHash, std::equal_to<>> templates;
  std::unordered_map<InstanceId, InstanceEntry> instances;
  std::unordered_map<NodeId, NodeEntry> nodes;
  // Allocations that wait for a node, in the order in which their instances were made.
  std::set<AllocationId> waiting;
  // Instances that were found ended, or without anything that could go on, at the start; the next
  // tick settles them.
  std::vector<InstanceId> unsettled;
  // Nodes that can be given work: those with an open session.
  PlacementIndex placement;
};

// What the store remembered, put back together. `now` is the monotonic time of the start: every
// node that was online has a lease from then, so that a restart of the master marks none dead.
struct Recovered {
  std::vector<Ptr<Template>> templates;
  std::vector<Ptr<Instance>> instances;
  std::vector<Ptr<Allocation>> allocations;
  std::vector<Ptr<Node>> nodes;
};
State rebuild(Recovered recovered, Settings settings, std::chrono::milliseconds now);

}  // namespace drover::core
