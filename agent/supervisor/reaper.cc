#include "agent/supervisor/reaper.h"

#include <sys/wait.h>

#include "common/check.h"

namespace drover::supervisor {

std::optional<Exited> peek_ended_child() {
  siginfo_t info{};
  // Fails with ECHILD when there is no child at all.
  if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return std::nullopt;
  if (info.si_pid == 0) return std::nullopt;
  return Exited{info.si_pid, info.si_code != CLD_EXITED, info.si_status};
}

void reap(pid_t pid) {
  siginfo_t info{};
  const int reaped = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG);
  DROVER_CHECK(reaped == 0 && info.si_pid == pid, "only an ended child is reaped, and only here");
}

}  // namespace drover::supervisor
