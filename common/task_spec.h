// One command of a group, as its template gives it. The master's core, the agent's core and the
// messages between them all speak of this one structure; common/wire maps it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/health.h"

namespace drover {

// When what has ended is run again. The numbers are stored and sent.
enum class RestartPolicy : std::uint8_t {
  never = 0,       // it runs at most once
  on_failure = 1,  // when it failed or was lost
  always = 2,      // until it is stopped
};

// Why an attempt ended, beside how. The numbers are stored and sent.
enum class EndReason : std::uint8_t {
  itself = 0,     // by itself, or nobody knows
  stop = 1,       // its stop was asked for
  fence = 2,      // its node's lease had run out
  timeout = 3,    // it had run for as long as it may
  unhealthy = 4,  // its checks failed
  out_of_memory = 5,
  group = 6,    // another task of its group failed: it was ended, or never begun
  restart = 7,  // somebody asked for it to be begun again
};
const char* to_string(EndReason reason);

// What a task of the same group must have come to before another one begins. The numbers are stored
// and sent.
enum class Awaited : std::uint8_t {
  started = 0,    // it has a process, or has succeeded
  succeeded = 1,  // it has ended with success, and is not begun again
  healthy = 2,    // its checks say that it is well, or it has ended with success
};

// What becomes of a group when a task of it has failed for good. The numbers are stored and sent.
enum class OnTaskFailure : std::uint8_t {
  go_on = 0,       // the other tasks go on
  stop_group = 1,  // they are ended
};

// What `cpu` of a task's resources means. The numbers are stored and sent.
enum class CpuLimit : std::uint8_t {
  share = 0,  // when others want the processor too
  hard = 1,   // never more
};

// What a task may have of its node. Absent optionals are absent in the template.
struct TaskResources {
  std::optional<std::int64_t> cpu_thousandths = std::nullopt;  // of one core
  std::optional<std::int64_t> memory_bytes = std::nullopt;
  std::optional<CpuLimit> cpu_limit = std::nullopt;

  bool operator==(const TaskResources&) const = default;
};

// The output of a task that is kept on its node, of each stream.
struct LogSpec {
  std::optional<std::uint64_t> size_bytes = std::nullopt;  // of one file
  std::optional<std::uint32_t> files = std::nullopt;

  std::uint64_t bytes() const;
  std::uint32_t file_count() const;

  bool operator==(const LogSpec&) const = default;
};

// When a task whose attempt has ended is begun again by its node, where it is. Absent optionals are
// absent in the template; the functions say what holds then.
struct RestartSpec {
  RestartPolicy policy = RestartPolicy::never;
  std::optional<std::uint32_t> attempts = std::nullopt;  // restarts within `within`
  std::optional<std::chrono::milliseconds> within = std::nullopt;
  std::optional<std::chrono::milliseconds> delay = std::nullopt;      // before the first restart
  std::optional<std::chrono::milliseconds> max_delay = std::nullopt;  // before any

  // No more restarts than `most()` are begun within `window()`.
  std::uint32_t most() const;
  std::chrono::milliseconds window() const;
  // Before a restart that follows so many others, without what chance adds.
  std::chrono::milliseconds pause(std::uint32_t restarts_in_a_row) const;

  bool operator==(const RestartSpec&) const = default;
};

// Absent optionals are absent in the template as it was given; the functions say what holds then.
struct TaskSpec {
  std::string name;
  std::string command;                           // with args: a program; without: a shell line
  std::optional<std::vector<std::string>> args;  // argv after the program's own name
  std::map<std::string, std::string> env;
  std::optional<std::string> working_dir;  // absolute; absent: the allocation's own directory
  std::optional<std::chrono::milliseconds> stop_grace;
  std::optional<std::string> user = std::nullopt;                   // absent: the agent's own
  std::optional<std::string> stop_signal = std::nullopt;            // "SIGTERM"
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;  // absent: as long as it likes
  std::optional<std::uint32_t> umask = std::nullopt;
  // By the names of common/process_limits.h, soft and hard alike; kUnlimited of that file.
  std::map<std::string, std::uint64_t> limits = {};
  std::optional<std::string> input = std::nullopt;  // on its standard input; absent: nothing is
  std::optional<std::vector<std::int32_t>> success_exit_codes = std::nullopt;
  std::optional<LogSpec> logs = std::nullopt;
  std::optional<TaskResources> resources = std::nullopt;
  std::optional<RestartSpec> restart = std::nullopt;  // absent: never
  std::map<std::string, Awaited> after = {};          // by the names of other tasks of its group
  std::optional<HealthSpec> health = std::nullopt;    // absent: it is not checked

  // Between the stop signal and SIGKILL.
  std::chrono::milliseconds grace() const;
  // What asks it to end.
  int stop_signal_number() const;
  // Whether an attempt that ended by itself with this code has done what it should.
  bool is_success(std::int32_t exit_code) const;
  RestartPolicy restart_policy() const { return restart ? restart->policy : RestartPolicy::never; }

  bool operator==(const TaskSpec&) const = default;
};

}  // namespace drover
