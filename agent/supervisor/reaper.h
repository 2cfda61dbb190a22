// The only place that calls waitid: whoever learns of a child's end learns of it here. One thread.
#pragma once

#include <sys/types.h>

#include <optional>

namespace drover::supervisor {

struct Exited {
  pid_t pid = -1;
  bool by_signal = false;
  int code = 0;  // the exit code, or the signal
};

// A child that has ended, without reaping it: its number stays its own. Nothing: none has ended.
std::optional<Exited> peek_ended_child();

// Reaps a child that peek_ended_child() has named.
void reap(pid_t pid);

}  // namespace drover::supervisor
