// The plain values that the agent's core works with. No wire format, no file format.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/ids.h"
#include "common/resource_use.h"
#include "common/task_spec.h"

namespace drover::agent::core {

// When a step happens. Decisions use the monotonic clock; the wall clock is only written down.
struct Moment {
  std::int64_t steady_ms = 0;
  std::int64_t unix_ms = 0;
};

struct AllocationSpec {
  AllocationId id;
  std::string template_name;
  std::vector<TaskSpec> tasks;
  bool exclusive = false;   // never to live beside another copy: it ends with the node's lease
  std::string group = {};   // its name, or its position in the template
  std::uint32_t index = 0;  // among the copies of its group
  OnTaskFailure on_task_failure = OnTaskFailure::go_on;
};
using AllocationSpecPtr = std::shared_ptr<const AllocationSpec>;

struct Exited {
  std::int32_t code = 0;
  bool operator==(const Exited&) const = default;
};
struct Signalled {
  std::int32_t signal = 0;
  bool operator==(const Signalled&) const = default;
};
struct SpawnFailed {
  std::int32_t error_number = 0;  // errno
  std::string step;               // what was attempted: "exec", "chdir", ...
  bool operator==(const SpawnFailed&) const = default;
};
struct Lost {
  std::string why;
  bool operator==(const Lost&) const = default;
};
struct NeverStarted {
  // Why the node did not take it; with EndReason::group, which other task has failed. Empty: it was
  // ended before it began.
  std::string why;
  bool operator==(const NeverStarted&) const = default;
};
using EndCause = std::variant<Exited, Signalled, SpawnFailed, Lost, NeverStarted>;

// How an attempt ended. Once known it never changes.
struct End {
  std::int64_t unix_ms = 0;
  EndCause cause;
  bool stopped = false;  // its end had been asked for
  bool fenced = false;   // it was ended, or not begun, for want of a lease
  EndReason reason = EndReason::itself;
  std::uint64_t output_dropped_bytes = 0;  // that could not be written
  ResourceUse used = {};
  bool operator==(const End&) const = default;
};

// That the attempt after one that has ended follows it on this node, and when.
struct NextAttempt {
  std::int64_t steady_ms = 0;  // not before; of the boot in which the one before ended
  std::int64_t unix_ms = 0;    // the same, for people
  // Restarts without a run that lasted, this one included. 0: somebody asked for it.
  std::uint32_t in_a_row = 0;
  bool operator==(const NextAttempt&) const = default;
};

// What the checks of a process have come to.
struct HealthReport {
  Health health = Health::unknown;
  std::int64_t since_unix_ms = 0;
  std::string failure;  // unhealthy: what the check that was the last one needed says
  bool operator==(const HealthReport&) const = default;
};

// One check of an attempt's process.
struct CheckId {
  AttemptId attempt;
  // Greater than that of any earlier check of the attempt, by whatever agent of this boot: when it
  // began, in steady ms, or one more than the last.
  std::int64_t number = 0;

  // "<attempt>#<number>": the key of the process that a command is run as.
  std::string text() const;
  // Nothing: it is no such key.
  static std::optional<CheckId> parse(std::string_view text);

  bool operator==(const CheckId&) const = default;
};

// What the master is told of an attempt.
struct AttemptReport {
  AttemptId id;
  std::int64_t started_unix_ms = 0;         // 0: it never started, or nobody knows when
  std::optional<End> end = {};              // absent: the process runs
  std::optional<NextAttempt> next = {};     // with an end only: another attempt follows
  std::optional<HealthReport> health = {};  // without an end only; absent: not judged yet
};

// What the supervisor says of an attempt.
struct SupervisorStatus {
  std::string key;  // AttemptId::text() of what this agent started; anything else is a stranger
  std::int64_t started_unix_ms = 0;
  std::int64_t ended_unix_ms = 0;  // meaningful with `cause` only
  std::optional<EndCause> cause;   // absent: the process runs
  bool fenced = false;             // ended by the supervisor itself, as its fence had passed
  bool out_of_memory = false;      // the kernel killed of it for want of memory
  std::uint64_t output_dropped_bytes = 0;
  std::int64_t started_steady_ms = 0;  // 0: it does not say
  bool signalled = true;               // ended after a signal of this agent's had reached it
  ResourceUse used = {};               // meaningful with `cause` only
};

}  // namespace drover::agent::core
