// The process table, as /proc shows it. Only for containment without cgroups.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drover::supervisor {

struct ProcessInfo {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t session = 0;
  std::uint64_t start_time = 0;  // in ticks since boot; with the pid, names one process for ever
  bool is_zombie = false;
  auto operator<=>(const ProcessInfo&) const = default;
};

// The text of /proc/PID/stat. The name in it may hold anything, brackets included. Pure.
std::optional<ProcessInfo> parse_process_stat(std::string_view text);

// Nothing when there is no such process.
std::optional<ProcessInfo> process_info(pid_t pid);

std::vector<ProcessInfo> all_processes();

// The processes whose parent is this one, zombies included.
std::vector<pid_t> own_children();

// Those of `all` that are in `roots` or descend from them.
std::vector<ProcessInfo> descendants(const std::vector<ProcessInfo>& all,
                                     const std::vector<pid_t>& roots);

// The entry of the process's environment that begins with `prefix`; empty when there is none, or
// it may not be read.
std::string environment_entry(pid_t pid, std::string_view prefix);

// Sends a signal unless the process that `info` describes is gone.
void signal_process(const ProcessInfo& info, int signal_number);

}  // namespace drover::supervisor
