// The records of the master: what it knows, as immutable values.
//
// A record that was published is never changed again: a change makes a copy and publishes that.
// Readers on other threads hold a Ptr and need no lock. The store keeps the same values on disk.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/ids.h"

namespace drover::core {

template <class Record>
using Ptr = std::shared_ptr<const Record>;

// Milliseconds since 1970, UTC. For people to read; no decision depends on it.
using UnixMs = std::int64_t;

// --- Templates ----------------------------------------------------------------------------------

// One command. Absent optionals are absent in the template as it was given.
struct TaskSpec {
  std::string name;
  std::string command;                           // with args: a program; without: a shell line
  std::optional<std::vector<std::string>> args;  // argv after the program's own name
  std::map<std::string, std::string> env;
  std::optional<std::string> working_dir;
  std::optional<std::chrono::milliseconds> stop_grace;

  bool operator==(const TaskSpec&) const = default;
};

// The unit of placement: all its tasks run on one node.
struct GroupSpec {
  std::vector<TaskSpec> tasks;

  bool operator==(const GroupSpec&) const = default;
};

struct TemplateSpec {
  std::string name;
  std::vector<GroupSpec> groups;

  bool operator==(const TemplateSpec&) const = default;
};

struct Template {
  TemplateSpec spec;
  std::string document;  // the JSON as it was given, insignificant white space removed
  std::uint32_t version = 1;
  Index changed;
};

// --- Instances ----------------------------------------------------------------------------------

// The numbers are stored; they never change their meaning.
enum class TaskState : std::uint8_t {
  waiting = 0,  // no process yet
  running = 1,
  succeeded = 2,  // exited with 0
  failed = 3,     // another exit code, a signal, or it could not be started
  stopped = 4,    // ended because its instance was stopped
  lost = 5,       // nobody knows how it ended
};
bool is_terminal(TaskState state);
const char* to_string(TaskState state);

// How an attempt ended. The numbers are stored.
enum class EndKind : std::uint8_t {
  none = 0,           // it has not
  exited = 1,         // code: exit status
  signaled = 2,       // code: signal number
  spawn_failed = 3,   // code: errno; detail: what was attempted
  never_started = 4,  // stopped before there was a process
  lost = 5,           // detail: why nobody knows
};

struct TaskEnd {
  EndKind kind = EndKind::none;
  std::int32_t code = 0;
  std::string detail;

  bool operator==(const TaskEnd&) const = default;
};

struct TaskStatus {
  TaskState state = TaskState::waiting;
  std::uint32_t attempt = 0;  // 0: none was reported yet
  UnixMs started_at = 0;
  UnixMs ended_at = 0;
  TaskEnd end;

  bool operator==(const TaskStatus&) const = default;
};

// One group of one instance.
struct Allocation {
  AllocationId id;
  std::optional<NodeId> node;  // absent: waits for one
  // The node's incarnation when it was placed: after a reboot of the node nothing of it is alive.
  std::uint32_t node_incarnation = 0;
  UnixMs placed_at = 0;
  std::vector<TaskStatus> tasks;
  Index changed;
};
bool is_terminal(const Allocation& allocation);

// The numbers are stored. See master/README.md for the diagram.
enum class InstanceState : std::uint8_t {
  pending = 0,    // a group waits for a node
  starting = 1,   // placed; not every task has a process yet
  running = 2,    // every task runs or has succeeded
  degraded = 3,   // a task failed or was lost while others go on
  completed = 4,  // every task succeeded
  failed = 5,     // ended, and a task failed
  stopping = 6,   // asked to stop; processes are still there
  stopped = 7,    // ended because it was asked to
  lost = 8,       // ended, and a task was lost
};
bool is_terminal(InstanceState state);
const char* to_string(InstanceState state);

struct Instance {
  InstanceId id;
  std::string template_name;
  std::uint32_t template_version = 1;
  std::uint32_t group_count = 0;
  InstanceState state = InstanceState::pending;
  bool stop_requested = false;
  UnixMs created_at = 0;
  UnixMs state_since = 0;
  Index changed;
};

// All of an instance that has ended, as the history keeps it.
struct FinishedInstance {
  Ptr<Instance> instance;
  std::vector<Ptr<Allocation>> allocations;
};

// --- Nodes --------------------------------------------------------------------------------------

struct Node {
  NodeId id;
  std::string ip;
  std::map<std::string, std::string> labels;
  bool online = false;
  std::string boot_id;
  std::uint32_t incarnation = 1;  // grows with every boot of the machine
  std::uint32_t cpu_count = 1;
  std::uint64_t memory_bytes = 0;
  std::string secret_digest;  // of the secret that proves the node to be itself
  std::string agent_version;
  std::vector<std::string> degraded;  // features that it lacks
  UnixMs status_since = 0;
  Index changed;
};

// Reported by heartbeats; in memory only. Whole percent, 0 to 100.
struct Usage {
  std::uint8_t cpu_percent = 0;
  std::uint8_t memory_percent = 0;
};

}  // namespace drover::core
