// All that one step brings about: what must be durable, and what may be told after that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/ids.h"
#include "master/core/events.h"
#include "master/core/guard.h"
#include "master/core/records.h"
#include "master/core/resources.h"

namespace drover::core {

// Records as they are now. They must be durable before anything else of the same outcome is used.
struct Changes {
  std::vector<Ptr<Template>> templates;         // the newest version of each
  std::vector<Ptr<Template>> former_templates;  // versions that are not the newest any more
  std::vector<Ptr<Instance>> instances;
  std::vector<Ptr<Allocation>> allocations;
  std::vector<Ptr<Node>> nodes;
  std::vector<NodeId> dropped_nodes;  // that are no more
  std::vector<AllocationId> dropped;  // slots that there are no more, by what filled them
  // Versions of templates that nothing uses any more.
  std::vector<std::pair<std::string, std::uint32_t>> dropped_versions;
  std::vector<UsedKey> used_keys;          // new ones
  std::vector<FinishedInstance> finished;  // these leave the hot state and become history
  std::vector<InstanceId> forgotten;       // these leave the history
  std::vector<ClusterEvent> events;        // what the other changes tell; never without any of them

  bool empty() const;
};

// --- To agents; released after the changes are durable ------------------------------------------

// The answer to a hello. Everything that is sent to the session later comes after it.
struct Welcome {};

// The session is not accepted, or has been replaced: the stream is to be closed with this reason.
struct CloseStream {
  std::string reason;
};

// Carries the records themselves: whoever encodes the message does so outside the engine's thread.
struct StartAllocation {
  Ptr<Allocation> allocation;
  Ptr<Template> from;
};

struct StopAllocation {
  AllocationId id;
};

// Nothing of it is wanted any more: kill what runs, forget it.
struct RemoveAllocation {
  AllocationId id;
  bool confirm = false;  // the agent is to say when nothing of it is left
};

// What runs as this attempt ends, and is begun again.
struct RestartTask {
  AttemptId id;
};

// A signal for what runs as this attempt.
struct SignalTask {
  AttemptId id;
  std::string signal;  // "SIGHUP"
};

// Nothing, but that a heartbeat was heard: for a node that ends tasks when it is not answered.
struct Heard {};

struct MessageToAgent {
  SessionId session;
  std::variant<Welcome, CloseStream, StartAllocation, StopAllocation, RemoveAllocation, RestartTask,
               SignalTask, Heard>
      content;
  // The number of the session's newest heartbeat that the state has taken into account.
  std::uint64_t heartbeat = 0;
};

// --- To the client ------------------------------------------------------------------------------

enum class ReplyCode {
  ok,
  unknown_template,
  unknown_instance,  // not in the hot state; it may be in the history
  unknown_version,   // of the template
  unknown_group,
  unknown_task,
  unknown_node,
  nothing_running,      // of what was named
  node_online,          // and only one that is not can be removed
  node_in_use,          // something is placed there and has not been given up
  not_a_service,        // and only what is kept running is updated and scaled
  system_has_no_count,  // and is not scaled
  other_kind,           // an update cannot change it
  not_over,             // the instance has not ended
  stopping,             // it was asked to stop
  template_conflict,    // the name exists with other content
  template_in_use,      // by an instance that has not ended
  other_version,        // than was expected is the newest
  wrong_parameter,      // see Reply::parameter
  key_reused,           // for a request that asks for something else
  // Never by the core: the engine's own, when its store has failed.
  store_failed,       // the change could not be written down
  read_only,          // nothing can be written down any more; nothing was tried
  store_unreadable,   // what has to be known first could not be read; nothing was done
  stop_not_recorded,  // the nodes were told to stop it; the wish is not written down
};

// Where the copies of an instance would go.
struct PlannedCopy {
  SlotRole role;
  std::optional<NodeId> node;                   // that it would be on
  WaitReason waits_for = WaitReason::none;      // otherwise
  std::optional<NodeId> pinned = std::nullopt;  // the only one that it may be on
};
struct PlacementPlan {
  Ptr<Template> from;  // with the parameters in their places
  std::vector<PlannedCopy> copies;
};

struct Reply {
  ReplyCode code = ReplyCode::ok;
  std::string detail = {};     // for a person, where there is more to say than the code does
  std::string parameter = {};  // with wrong_parameter: which one
  // Of a deploy: the one that was made, by this request or by an earlier one with its key.
  std::optional<InstanceId> instance = {};
  Ptr<PlacementPlan> plan = nullptr;  // of a dry run
  // Of what is asked of tasks: how many it concerns, and how many of these cannot be told now.
  std::uint32_t tasks = 0;
  std::uint32_t unreachable = 0;
};

// What a heartbeat said. For readers; never stored.
struct NodeUsage {
  NodeId node;
  Usage usage;
  std::string refuses_work;
  std::optional<Resources> reserved = std::nullopt;  // nothing: as it was
  UnixMs heard_at = 0;                               // the last sign of life; 0: as it was
};

// What a heartbeat said of a task. For readers; never stored.
struct MeasuredTask {
  AttemptId attempt;
  ResourceUse used;
  UnixMs at = 0;
};

struct Outcome {
  Changes changes;
  std::vector<MessageToAgent> messages;
  std::vector<NodeUsage> usages;
  std::vector<MeasuredTask> measured;
  std::optional<ClusterStatus> cluster;  // where it has changed
  Reply reply;
};

}  // namespace drover::core
