// Processes held so that their numbers cannot be taken over by others.
#pragma once

#include <sys/types.h>

#include "common/unique_fd.h"

namespace drover::supervisor {

// Nothing when there is no such process.
UniqueFd open_pidfd(pid_t pid);

// Nothing happens when the process is gone.
void signal_pidfd(int pidfd, int signal_number);

}  // namespace drover::supervisor
