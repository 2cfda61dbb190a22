// What the core can be told. Time, ids and everything random come in with the command.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/ids.h"
#include "common/limits.h"
#include "master/core/records.h"

namespace drover::core {

// When a command is stepped, and which batch its changes will belong to.
struct Moment {
  std::chrono::milliseconds steady;  // monotonic; all decisions use this one
  UnixMs unix_ms = 0;                // wall clock; see UnixMs
  Index index;
  std::uint64_t random = 0;  // anew for each step; where the core needs chance, it is this
};

// --- From clients -------------------------------------------------------------------------------

struct CreateTemplate {
  TemplateSpec spec;
  std::string document;
};

struct Deploy {
  std::string template_name;
  InstanceId id;  // new and unique; becomes the instance's
  std::map<std::string, std::string> parameters = {};
  // The client's key for this request, and a digest of what it asks for: a request that comes again
  // makes no second instance. Empty: no key.
  std::string key = {};
  std::string digest = {};
  // What the key was used for before; the engine fills it in.
  std::optional<UsedKey> earlier = {};
};

// Where the copies of such an instance would go now. Nothing is made.
struct DryRun {
  std::string template_name;
  std::map<std::string, std::string> parameters = {};
};

struct Stop {
  InstanceId id;
};

// Which tasks of an instance: of one group, of one copy, of one name, or all.
struct TaskSelection {
  std::string group = {};                   // its name, or its position; empty: any
  std::optional<std::uint32_t> index = {};  // of the copy within its group; absent: any
  std::string task = {};                    // its name; empty: any
};

// What runs of these ends and is begun again on its node, at once and whatever its template says of
// restarts. A wish for each attempt: a node that is away is told when it is back.
struct RestartTasks {
  InstanceId id;
  TaskSelection tasks;
};

// What runs of these is sent a signal, where its node can be told; nothing is remembered.
struct SignalTasks {
  InstanceId id;
  TaskSelection tasks;
  std::string signal;  // "SIGHUP"
};

// Out of the history, where it is.
struct ForgetInstance {
  InstanceId id;
  std::string template_name;  // its own
};

// The template, which may exist, has this content from now on: another version of it, where it
// differs.
struct PutTemplate {
  TemplateSpec spec;
  std::string document;
  // Taken only where the newest version has this number; 0: where there is none. Absent: anyway.
  std::optional<std::uint32_t> expected_version = std::nullopt;
};

// No instance is made of it any more. What has not ended goes on.
struct RemoveTemplate {
  std::string name;
  bool even_if_used = false;  // by an instance that has not ended
};

// The copies of a service get another version.
struct Update {
  InstanceId id;
  std::optional<std::uint32_t> version;  // absent: the newest
};

struct Scale {
  InstanceId id;
  std::string group;  // its name, or its position
  std::uint32_t count = 0;
};

// Nothing new goes to the node. Services move, others may end until the deadline.
struct DrainNode {
  NodeId node;
  std::chrono::milliseconds deadline = limits::kDrainDeadline;
};
struct ResumeNode {
  NodeId node;
};
// The node, which is offline, is not known any more. Should its agent come back, it joins anew.
struct RemoveNode {
  NodeId node;
};

// An operator says that the nodes which the master suspects to have lost are really lost.
struct ResumeReplacements {};

// --- From agents --------------------------------------------------------------------------------

struct AttemptReport {
  AttemptId id;
  UnixMs started_at = 0;
  UnixMs ended_at = 0;
  TaskEnd end;                            // kind none: the process runs
  bool stopped = false;                   // it ended because it was asked to
  std::optional<UnixMs> next_start = {};  // with an end only: its node begins another attempt then
  std::optional<TaskHealth> health = {};  // while the process runs; absent: its node does not say
};

// A stream was opened and has said hello. An earlier session of the node ends.
struct OpenSession {
  SessionId session;
  NodeId node;
  std::string secret_digest;
  std::string boot_id;
  std::string journal_id;    // of the agent's records; empty: it does not say
  Epoch highest_epoch;       // that the agent has obeyed
  std::int64_t dialled = 0;  // grows from hello to hello while the node is up; 0: it does not say
  std::string ip;
  std::map<std::string, std::string> labels;
  std::uint32_t cpu_count = 1;
  std::uint64_t memory_bytes = 0;
  std::string agent_version;
  std::vector<std::string> degraded;
  std::map<std::string, std::string> attributes;
  std::vector<AllocationId> allocations;  // all that the agent holds
  std::vector<AttemptReport> attempts;    // of these
  // Of the heartbeat that came with it.
  Usage usage;
  std::string refuses_work;
  std::uint64_t heartbeat = 0;  // its number; 0: none came
};

// The stream is gone. `goodbye`: the agent said that it was going to.
struct CloseSession {
  SessionId session;
  NodeId node;
  bool goodbye = false;
};

// What a running attempt takes, as its node has measured it.
struct TaskUse {
  AttemptId attempt;
  ResourceUse used;
};

struct Heartbeat {
  SessionId session;
  NodeId node;
  Usage usage;
  std::uint64_t sequence = 0;     // from 1, growing within the session
  std::string refuses_work = {};  // why the node takes no new work; empty: it does
  std::vector<TaskUse> tasks = {};
};

struct ReportAttempts {
  SessionId session;
  NodeId node;
  std::vector<AttemptReport> attempts;
  std::vector<AllocationId> removed = {};  // of these nothing is left
};

// --- From the clock -----------------------------------------------------------------------------

// Time has passed: leases may have run out. Comes every limits::kTickPeriod.
struct Tick {};

// By the template's schedule an instance was due at that time, which has come.
struct RunSchedule {
  std::string template_name;
  InstanceId id;  // new and unique; becomes the instance's, where one is made
  UnixMs due = 0;
};

using Command = std::variant<CreateTemplate, PutTemplate, RemoveTemplate, Deploy, DryRun, Stop,
                             ForgetInstance, RestartTasks, SignalTasks, Update, Scale, DrainNode,
                             ResumeNode, RemoveNode, ResumeReplacements, OpenSession, CloseSession,
                             Heartbeat, ReportAttempts, Tick, RunSchedule>;

}  // namespace drover::core
