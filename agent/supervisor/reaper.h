// The only place that calls wait4 and waitid: whoever learns of a child's end learns of it here.
// One thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace drover::supervisor {

struct Exited {
  pid_t pid = -1;
  bool by_signal = false;
  int code = 0;  // the exit code, or the signal
};

// A child that has ended, without reaping it: its number stays its own. Nothing: none has ended.
std::optional<Exited> peek_ended_child();

// What a process has used, and those of its descendants that were waited for, by it or by one
// another.
struct Spent {
  std::uint64_t cpu_us = 0;
  std::uint64_t largest_bytes = 0;  // resident, of the largest of them; 0: too little to tell
};

// Reaps a child that peek_ended_child() has named.
Spent reap(pid_t pid);

}  // namespace drover::supervisor
