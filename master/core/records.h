// The records of the master: what it knows, as immutable values.
//
// A record that was published is never changed again: a change makes a copy and publishes that.
// Readers on other threads hold a Ptr and need no lock. The store keeps the same values on disk.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/ids.h"
#include "common/resource_use.h"
#include "common/task_spec.h"
#include "master/core/constraints.h"

namespace drover::core {

template <class Record>
using Ptr = std::shared_ptr<const Record>;

// Milliseconds since 1970, UTC. For people to read; no decision depends on it but what a schedule
// has still to run.
using UnixMs = std::int64_t;

// --- Templates ----------------------------------------------------------------------------------

// Which copy of a group goes on when the node of a replaced one returns. The numbers are stored.
enum class OnReturn : std::uint8_t {
  keep_replacement = 0,
  keep_original = 1,  // unless it has failed meanwhile
};
const char* to_string(OnReturn choice);

// A wish that weighs: up to 100, as much as the whole load of a node, for nodes where the
// constraint holds; down to -100, against them.
struct Affinity {
  Constraint to;
  std::int32_t weight = 0;

  bool operator==(const Affinity&) const = default;
};

// How copies of a service are replaced by others: of another version, or on another node.
struct UpdatePolicy {
  std::optional<std::uint32_t> max_parallel = std::nullopt;
  std::optional<std::chrono::milliseconds> min_healthy_time = std::nullopt;
  std::optional<std::chrono::milliseconds> healthy_deadline = std::nullopt;

  bool operator==(const UpdatePolicy&) const = default;
};

// The unit of placement: all its tasks run on one node. Absent optionals are absent in the template
// as it was given; the functions say what holds then.
struct GroupSpec {
  std::vector<TaskSpec> tasks;
  std::optional<RestartPolicy> reschedule =
      std::nullopt;  // when another copy follows one that ended
  std::optional<bool> exclusive = std::nullopt;
  std::optional<std::chrono::milliseconds> lost_after = std::nullopt;
  std::optional<OnReturn> on_return = std::nullopt;
  std::optional<std::string> name = std::nullopt;
  std::optional<std::uint32_t> count = std::nullopt;  // how many copies are wanted
  std::vector<Constraint> constraints = {};           // all must hold of its node
  std::vector<Affinity> affinity = {};
  std::optional<std::string> spread = std::nullopt;  // by this attribute its copies are kept apart
  std::optional<std::string> pack = std::nullopt;    // or together; one of the two at most
  std::optional<OnTaskFailure> on_task_failure = std::nullopt;
  std::optional<UpdatePolicy> update = std::nullopt;

  std::uint32_t copies() const { return count.value_or(1); }
  // Of the group at that position of its template.
  std::string name_or(std::uint32_t position) const {
    return name.value_or(std::to_string(position));
  }
  std::uint32_t max_parallel() const;
  std::chrono::milliseconds min_healthy_time() const;
  std::chrono::milliseconds healthy_deadline() const;
  RestartPolicy reschedule_policy() const { return reschedule.value_or(RestartPolicy::never); }
  bool keeps_original() const { return on_return == OnReturn::keep_original; }
  // Never two copies at once, whatever happens to the network.
  bool is_exclusive() const { return exclusive.value_or(false); }

  bool operator==(const GroupSpec&) const = default;
};
// From the wish that it ends to the last SIGKILL: the longest grace of its tasks.
std::chrono::milliseconds longest_grace(const GroupSpec& group);

// What instances of a template are for. The numbers are stored.
enum class Kind : std::uint8_t {
  batch = 0,    // ends
  service = 1,  // is kept running: its groups are placed again whenever they end
  system = 2,   // the same, with one copy of each group on every node that fits it
};

// What can be given at a deployment, as ${name}: see parameters.h.
struct Parameter {
  std::optional<std::string> default_value;  // without: it must be given
  std::string description;

  bool operator==(const Parameter&) const = default;
};

// What happens when the time has come and an instance that the schedule made has not ended. The
// numbers are stored.
enum class Overlap : std::uint8_t {
  skip = 0,   // that run is left out
  allow = 1,  // both go on
};

// When instances of a template are deployed by themselves. The core does not read what is in it but
// `overlap`: it is told what is due.
struct ScheduleSpec {
  std::string cron;
  std::optional<std::string> time_zone = std::nullopt;  // an IANA name
  std::optional<Overlap> overlap = std::nullopt;

  std::string time_zone_or_default() const { return time_zone.value_or("UTC"); }
  bool skips_overlap() const { return overlap != Overlap::allow; }

  bool operator==(const ScheduleSpec&) const = default;
};

inline constexpr std::uint32_t kDefaultPriority = 50;  // of 0 to 100

struct TemplateSpec {
  std::string name;
  std::vector<GroupSpec> groups;
  std::optional<Kind> kind = std::nullopt;
  std::map<std::string, std::string> labels = {};
  std::optional<std::map<std::string, Parameter>> parameters = std::nullopt;
  std::optional<std::uint32_t> priority = std::nullopt;  // of what waits, the highest is next
  std::optional<bool> gang = std::nullopt;  // first all copies are placed at once, or none
  std::optional<ScheduleSpec> schedule = std::nullopt;

  std::uint32_t priority_or_default() const { return priority.value_or(kDefaultPriority); }
  bool is_kept_running() const { return kind == Kind::service || kind == Kind::system; }

  // The slots that a new instance has.
  std::uint32_t slots() const;
  // The position of the group that is called so: by its name, or its position where it has none.
  std::optional<std::uint32_t> find_group(const std::string& called) const;

  bool operator==(const TemplateSpec&) const = default;
};

// What a slot is of: the index-th copy, from 0, of a group of the template.
struct SlotRole {
  std::uint32_t group = 0;
  std::uint32_t index = 0;

  bool operator==(const SlotRole&) const = default;
};
// Of a slot that a new instance has.
SlotRole first_role(const TemplateSpec& spec, std::uint32_t slot);

struct Template {
  TemplateSpec spec;
  std::string document;  // the JSON as it was given, insignificant white space removed
  std::uint32_t version = 1;
  Index changed;
  // With a schedule: the time that was due when it was run, or left out, last; at first, when the
  // schedule was given. Nothing that was due by then is run.
  UnixMs last_run = 0;
  // There is none of its name any more, for those who ask; see templates.h.
  bool removed = false;
};

// --- Requests -----------------------------------------------------------------------------------

// That a client has given this key with a deploy which was taken, and what came of it.
struct UsedKey {
  std::string key;
  std::string digest;  // of what was asked for, 32 bytes
  InstanceId instance;
  friend bool operator==(const UsedKey&, const UsedKey&) = default;
};

// --- Instances ----------------------------------------------------------------------------------

// The numbers are stored; they never change their meaning.
enum class TaskState : std::uint8_t {
  waiting = 0,  // no process yet
  running = 1,
  succeeded = 2,   // exited with a code that counts as success
  failed = 3,      // another exit code, a signal, a timeout, or it could not be started
  stopped = 4,     // ended because its instance was stopped
  lost = 5,        // nobody knows how it ended
  unknown = 6,     // its node is silent; nobody knows how it stands
  restarting = 7,  // an attempt has ended, and its node begins another one when the pause is over
};
inline constexpr std::size_t kTaskStates = 8;
bool is_terminal(TaskState state);
const char* to_string(TaskState state);

// How an attempt ended. The numbers are stored.
enum class EndKind : std::uint8_t {
  none = 0,           // it has not
  exited = 1,         // code: exit status
  signaled = 2,       // code: signal number
  spawn_failed = 3,   // code: errno; detail: what was attempted
  never_started = 4,  // ended before there was a process
  lost = 5,           // detail: why nobody knows
};

struct TaskEnd {
  EndKind kind = EndKind::none;
  std::int32_t code = 0;
  std::string detail;
  bool fenced = false;  // ended by its node, whose lease had run out
  EndReason reason = EndReason::itself;
  std::uint64_t output_dropped_bytes = 0;  // that its node could not write
  ResourceUse used = {};

  bool operator==(const TaskEnd&) const = default;
};

// An attempt that another one has followed on the same node.
struct FormerAttempt {
  std::uint32_t attempt = 0;
  UnixMs started_at = 0;
  UnixMs ended_at = 0;
  TaskEnd end;

  bool operator==(const FormerAttempt&) const = default;
};

// What the checks of a task's process have come to.
struct TaskHealth {
  Health state = Health::unknown;  // also where it has none, or does not run
  UnixMs since = 0;
  std::string failure = {};  // unhealthy: what a check said
  bool operator==(const TaskHealth&) const = default;
};

struct TaskStatus {
  TaskState state = TaskState::waiting;
  std::uint32_t attempt = 0;  // the latest; 0: none was reported yet
  UnixMs started_at = 0;
  UnixMs ended_at = 0;
  TaskEnd end;            // of that attempt
  UnixMs next_start = 0;  // while restarting, or unknown since: when the next one is begun
  // Before that attempt, the oldest first; at most limits::kAttemptsKept, the newest.
  std::vector<FormerAttempt> previous = {};
  TaskHealth health = {};  // of the attempt that runs
  // The attempt that somebody wants to be ended and followed by another; 0: none.
  std::uint32_t restart_wished = 0;

  bool operator==(const TaskStatus&) const = default;
};

// Why an allocation has no node. The numbers are stored.
enum class WaitReason : std::uint8_t {
  none = 0,           // it has one
  no_node = 1,        // no node can take work
  backoff = 2,        // it failed; the pause before the next try runs
  nodes_avoided = 3,  // it has failed too often on each node that could take it
  node_lost = 4,      // its node was lost; replacements are made at a limited rate
  no_match = 5,       // its constraints hold on no node that takes work
  no_room = 6,        // on all where they hold, too much is reserved
  gang = 7,           // it could be placed, and another copy of its instance could not
  drained = 8,        // its node was drained
  its_node = 9,       // the node that it is pinned to takes no work now
};
const char* to_string(WaitReason reason);

// An earlier copy of the group, whose place another one has taken.
struct FormerCopy {
  std::uint32_t generation = 0;
  std::optional<std::uint32_t> slot = std::nullopt;  // absent: that of the copy that remembers it
  NodeId node;
  TaskState state = TaskState::lost;  // of the task that stands for the copy
  TaskEnd end;                        // of the same task
  UnixMs ended_at = 0;
};

// Why one copy is wished to end while its instance goes on. The numbers are stored.
enum class Retirement : std::uint8_t {
  none = 0,
  replaced = 1,  // another slot has its role, or none shall: its own goes with it
  moved = 2,     // its node is drained: what its group says decides whether another copy follows
};

// What fills one slot of an instance.
struct Allocation {
  AllocationId id;
  SlotRole role;
  std::uint32_t version = 1;  // of the template
  Retirement retirement = Retirement::none;
  std::optional<std::uint32_t> replaces;  // the slot that goes when this copy has proved well
  std::optional<NodeId> node;             // absent: waits for one
  std::optional<NodeId> pinned;           // of a system instance: the only node that it may be on
  // The node's incarnation when it was placed: after a reboot of the node nothing of it is alive.
  std::uint32_t node_incarnation = 0;
  UnixMs placed_at = 0;
  WaitReason waits_for = WaitReason::none;
  std::vector<TaskStatus> tasks;
  std::vector<FormerCopy> former;  // the oldest first; at most limits::kFormerCopies, the newest
  // The copy that this one stands in for, on a node that is silent; it takes over when it returns.
  Ptr<Allocation> original;
  Index changed;
};
// What fills a new slot, and waits for a node.
Allocation first_copy(const Template& from, const InstanceId& instance, std::uint32_t slot,
                      const SlotRole& role);
bool is_terminal(const Allocation& allocation);
// Whether it is unknown how a task of it stands.
bool is_unknown(const Allocation& allocation);
// Whether its node has ever reported an attempt of it.
bool was_reported(const Allocation& allocation);
// How an allocation that is over has ended: as the worst of its tasks, which is lost, then failed,
// then stopped.
const TaskStatus& worst_task(const Allocation& allocation);
// Greater than the generation of every copy that there has been.
std::uint32_t next_generation(const Allocation& allocation);

// The numbers are stored. See master/README.md for the diagram.
enum class InstanceState : std::uint8_t {
  pending = 0,    // a group waits for a node
  starting = 1,   // placed; not every task has a process yet
  running = 2,    // every task runs or has succeeded
  degraded = 3,   // a task failed, was lost, is unhealthy or to be begun again; something goes on
  completed = 4,  // every task succeeded
  failed = 5,     // ended, and a task failed
  stopping = 6,   // asked to stop; processes are still there
  stopped = 7,    // ended because it was asked to
  lost = 8,       // ended, and a task was lost
};
bool is_terminal(InstanceState state);
const char* to_string(InstanceState state);

// Slots whose numbers follow each other.
struct SlotRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;

  bool operator==(const SlotRange&) const = default;
};

// A change of version under way, or the last one. The numbers are stored.
enum class RolloutState : std::uint8_t {
  updating = 0,
  updated = 1,
  reverting = 2,  // the new version has not proved well
  reverted = 3,
  failed = 4,  // neither has the old one: nothing more is done
};
bool is_under_way(RolloutState state);
const char* to_string(RolloutState state);

struct Rollout {
  std::uint32_t from_version = 1;
  std::uint32_t to_version = 1;
  RolloutState state = RolloutState::updating;
  std::string reason;  // why it was reverted; empty: it was not
  UnixMs since = 0;

  bool operator==(const Rollout&) const = default;
};

struct Instance {
  InstanceId id;
  std::string template_name;
  std::uint32_t template_version = 1;             // that its copies have or shall have
  std::map<std::string, std::string> parameters;  // with the defaults of its template
  std::uint32_t slot_count = 0;  // that there have been; the next one has this number
  std::vector<SlotRange> slots;  // that there are, in order
  std::map<std::string, std::uint32_t> counts;  // by groups' names, where they were scaled
  std::optional<Rollout> rollout;
  InstanceState state = InstanceState::pending;
  bool stop_requested = false;
  UnixMs created_at = 0;
  UnixMs state_since = 0;
  std::optional<UnixMs> scheduled_for;  // made by its template's schedule: the time that was due
  Index changed;
};

// Calls `visit` with the number of each slot that there is, in order.
template <class Visit>
void for_each_slot(const Instance& instance, Visit visit) {
  for (const SlotRange& range : instance.slots) {
    for (std::uint32_t i = 0; i < range.count; ++i) visit(range.first + i);
  }
}

// All of an instance that has ended, as the history keeps it.
struct FinishedInstance {
  Ptr<Instance> instance;
  std::vector<Ptr<Allocation>> allocations;
};

// --- Nodes --------------------------------------------------------------------------------------

// Nothing new is placed on the node, and what is there goes.
struct Drain {
  std::chrono::milliseconds deadline{0};  // for batch; counted anew from each start of the master
  UnixMs since = 0;
  bool done = false;  // nothing is left there

  bool operator==(const Drain&) const = default;
};

struct Node {
  NodeId id;
  std::string ip;
  std::map<std::string, std::string> labels;
  bool online = false;
  std::string boot_id;
  std::string journal_id;         // of the agent's records
  std::uint32_t incarnation = 1;  // grows with every boot of the machine, or loss of records
  std::uint32_t cpu_count = 1;
  std::uint64_t memory_bytes = 0;
  std::string secret_digest;  // of the secret that proves the node to be itself
  std::string agent_version;
  std::vector<std::string> degraded;              // features that it lacks
  std::map<std::string, std::string> attributes;  // see constraints.h, those that the agent tells
  std::optional<Drain> drain;
  UnixMs status_since = 0;
  Index changed;
};

// Reported by heartbeats; in memory only. Whole percent, 0 to 100.
struct Usage {
  std::uint8_t cpu_percent = 0;
  std::uint8_t memory_percent = 0;
};

}  // namespace drover::core
