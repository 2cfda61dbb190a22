#include "agent/supervisor/pidfd.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace drover::supervisor {

// The C library knows these two calls only from version 2.36 on.
UniqueFd open_pidfd(pid_t pid) {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

void signal_pidfd(int pidfd, int signal_number) {
  ::syscall(SYS_pidfd_send_signal, pidfd, signal_number, nullptr, 0);
}

}  // namespace drover::supervisor
