// The hot state: everything that is wanted, running, or able to run something. What has ended is
// not in it. Owned and touched by one thread.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/ids.h"
#include "common/limits.h"
#include "master/core/guard.h"
#include "master/core/placement.h"
#include "master/core/records.h"
#include "master/core/resources.h"
#include "master/core/tally.h"
#include "master/core/waiting.h"

namespace drover::core {

struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

// An end of a copy for which its node may be to blame.
struct NodeFailure {
  NodeId node;
  std::chrono::milliseconds at{0};  // monotonic
  bool for_good = false;            // the node cannot run it at all: one such end is enough
};

// One wanted copy of a group: what fills it at present, and what is remembered for the next one.
// What is monotonic starts anew with each start of the master.
struct Slot {
  Ptr<Allocation> allocation;  // set by InstanceEntry::fill() alone
  // When it is looked at again: in State::losses while unknown, in State::delayed while it waits.
  std::optional<std::chrono::milliseconds> due;
  std::chrono::milliseconds placed{0};
  std::chrono::milliseconds made{0};                    // the slot itself
  std::optional<std::chrono::milliseconds> well_since;  // while it replaces another one
  std::uint32_t ends_in_a_row = 0;  // without having run for limits::kBackoffForgets
  std::vector<NodeFailure> failures;
};

struct InstanceEntry {
  Ptr<Instance> instance;
  // Of Instance::template_version, with parameters in their places; nothing: its record could not
  // be read.
  Ptr<Template> from;
  std::map<std::uint32_t, Ptr<Template>> others;  // of other versions that copies are of
  std::map<std::uint32_t, Slot> slots;            // by their numbers
  TaskTally tally;                                // of what is in the slots
  // Of a system instance, the slots by the node that they are pinned to.
  std::map<NodeId, std::vector<std::uint32_t>> pinned;

  bool slots_changed = false;  // since its record was put
  bool slots_added = false;    // the same, and nothing but that: `instance` knows of them
  // Its copies are being brought into line with what is wanted; when to look at that again.
  std::optional<std::chrono::milliseconds> rollout_due;
  std::chrono::milliseconds rollout_began{0};  // the last change of version; slots since are new
  // Of a system instance: the nodes on which a copy has ended for that version.
  std::set<NodeId> ended_for_update;

  // One copy of each group on every node that fits it.
  bool is_system() const { return from && from->spec.kind == Kind::system; }
  // Kept running, so that it can be brought into line with another version.
  bool is_kept_running() const { return from && from->spec.is_kept_running(); }

  // From now on the copy fills its slot, which there must be.
  void fill(Ptr<Allocation> copy);
  // The copy that is to take the place of the one in the slot; null: there is none.
  const Allocation* replacement_of(std::uint32_t slot) const;
  // There is no such slot any more.
  void drop(std::uint32_t slot);

  // The template of the copy's version; nothing: it cannot be read.
  const Ptr<Template>& source(const Allocation& copy) const;

  // What the template says of the copy's group; that of a group that is run once where it cannot be
  // read.
  const GroupSpec& spec(const Allocation& copy) const;
};

struct NodeEntry {
  Ptr<Node> node;
  std::optional<SessionId> session;  // absent: no stream is open
  std::int64_t dialled = 0;          // OpenSession::dialled of that session
  Usage usage;
  UnixMs heard_at = 0;               // the last sign of life, by the wall clock; only shown
  std::string refuses_work;          // why it takes none now; empty: it does
  std::uint64_t last_heartbeat = 0;  // its number in the session
  // Monotonic. Without a sign of life by then, the node is offline.
  std::chrono::milliseconds lease_ends{0};
  bool in_leases = false;                         // State::leases has an entry for it
  bool declared_lost = false;                     // while offline: what ran there has been given up
  std::map<AllocationId, Resources> allocations;  // placed here and not ended, and what they take
  std::size_t exclusive_allocations = 0;
  std::size_t pinned_allocations = 0;
  // What the node was told to remove and has not yet confirmed to be gone, and what that takes;
  // nothing: nobody knows, so that the node gets nothing new.
  std::map<AllocationId, std::optional<Resources>> leaving;
  std::size_t leaving_unknown = 0;                     // of these, of which nobody knows
  Reserved reserved;                                   // by both
  std::optional<std::chrono::milliseconds> drain_due;  // monotonic; in State::drains
  std::set<AllocationId> standbys;                     // copies that others stand in for
};

// What can be set by an operator; the defaults are those of common/limits.h.
struct Settings {
  std::chrono::milliseconds lease = limits::kLease;
  std::chrono::milliseconds heartbeat_interval = limits::kHeartbeatInterval;
  std::chrono::milliseconds lost_after = limits::kLostAfter;  // of groups that do not say
};

// Something to be looked at, by its monotonic time.
using Deadlines = std::set<std::pair<std::chrono::milliseconds, AllocationId>>;

struct State {
  Settings settings;
  std::unordered_map<std::string, Ptr<Template>, StringHash, std::equal_to<>> templates;
  // Earlier versions, by name and version.
  std::map<std::pair<std::string, std::uint32_t>, Ptr<Template>> former_templates;
  std::unordered_map<InstanceId, InstanceEntry> instances;
  // Of these, what schedules have made, by their templates' names.
  std::set<std::pair<std::string, InstanceId>> scheduled;
  std::unordered_map<NodeId, NodeEntry> nodes;
  std::size_t online_nodes = 0;
  std::chrono::milliseconds ticked{0};  // monotonic; when the last tick was
  // Allocations that wait for a node that they fit.
  WaitingQueue waiting;
  // Allocations that shall wait for a node, but not before a time.
  Deadlines delayed;
  // Unknown allocations, and when they are given up.
  Deadlines losses;
  // Instances with a rollout_due, by it.
  std::set<std::pair<std::chrono::milliseconds, InstanceId>> rollouts;
  // Of these, those to which something has happened in this step.
  std::set<InstanceId> touched;
  // Those of kind system.
  std::set<InstanceId> systems;
  // Of these, and for which nodes, slots have gone in this step: what may follow has not been
  // looked at.
  std::set<std::pair<InstanceId, NodeId>> vacated;
  // Draining nodes on which nothing but pinned copies is left, which end now.
  std::set<NodeId> emptied;
  // Draining nodes by when what is left there is ended.
  std::set<std::pair<std::chrono::milliseconds, NodeId>> drains;
  // Online nodes by when to look at their leases, which may have been renewed since.
  std::set<std::pair<std::chrono::milliseconds, NodeId>> leases;
  MassLossGuard guard;
  ClusterStatus cluster;  // as readers know it
  RateWindow lost_nodes{limits::kLostNodesWindow};
  TokenBucket replacements{limits::kReplacementsPerSecond};
  // Instances that were found ended, or without anything that could go on, at the start; the next
  // tick settles them.
  std::vector<InstanceId> unsettled;
  // Nodes that can be given work: those with an open session.
  PlacementIndex placement;
};

// What the store remembered, put back together. `now` is the monotonic time of the start: every
// node that was online has a lease from then, so that a restart of the master marks none dead, and
// whatever was to be given up gets its whole time anew.
struct Recovered {
  std::vector<Ptr<Template>> templates;
  std::vector<Ptr<Instance>> instances;
  std::vector<Ptr<Allocation>> allocations;
  std::vector<Ptr<Node>> nodes;
};
State rebuild(Recovered recovered, Settings settings, std::chrono::milliseconds now);

}  // namespace drover::core
