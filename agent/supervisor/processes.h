// The process table, as /proc shows it. Only for containment without cgroups.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/process_stat.h"

namespace drover::supervisor {

// Nothing when there is no such process.
std::optional<ProcessStat> process_stat(pid_t pid);

std::vector<ProcessStat> all_processes();

// The processes whose parent is this one, zombies included.
std::vector<pid_t> own_children();

// Those of `all` that are in `roots` or descend from them.
std::vector<ProcessStat> descendants(const std::vector<ProcessStat>& all,
                                     const std::vector<pid_t>& roots);

// The entry of the process's environment that begins with `prefix`; empty when there is none, or
// it may not be read.
std::string environment_entry(pid_t pid, std::string_view prefix);

// Sends a signal unless the process that `info` describes is gone.
void signal_process(const ProcessStat& info, int signal_number);

}  // namespace drover::supervisor
