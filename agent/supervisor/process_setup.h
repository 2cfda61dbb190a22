// What the supervisor makes of its own process before it serves, so that every child starts from
// a known state. Called from main, once, in this order, while there is one thread.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::supervisor {

// Descriptors that are the same for the life of the process. They lie right above the standard
// ones, so that a child can drop all others in one call: see child.h.
inline constexpr int kNullFd = 3;         // /dev/null, for reading and writing
inline constexpr int kChildStdoutFd = 4;  // free for the output of the child being made
inline constexpr int kChildStderrFd = 5;
inline constexpr int kChildStdinFd = 6;  // and for its input
inline constexpr int kFirstOtherFd = 7;

// Closes every inherited descriptor but the standard three, fills those that are missing with
// /dev/null, and reserves the numbers above.
drover::Status own_descriptors();

// Every signal gets its default action and is blocked, but for those that mean a crash. Thus a
// child has only its mask to undo.
void own_signals();

// What a child gets back of what the supervisor changed or was given for itself.
struct Inheritance {
  rlimit open_files{};           // as the supervisor found it
  bool reset_oom_score = false;  // the supervisor's own is not 0
  pid_t supervisor = 0;
};

// Becomes the parent of orphaned descendants, raises the limit of open files to the hard one, and
// keeps new files private.
Result<Inheritance> own_attributes();

// A descriptor on which SIGCHLD, SIGTERM and SIGINT arrive.
Result<UniqueFd> open_signals();

}  // namespace drover::supervisor
