#include "agent/supervisor/reaper.h"

#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "common/check.h"

namespace drover::supervisor {
namespace {

std::uint64_t micros(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(time.tv_usec);
}

// getrusage(2): ru_maxrss is in KiB.
std::uint64_t resident_bytes(const rusage& usage) {
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

std::optional<Exited> peek_ended_child() {
  siginfo_t info{};
  // Fails with ECHILD when there is no child at all.
  if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return std::nullopt;
  if (info.si_pid == 0) return std::nullopt;
  return Exited{info.si_pid, info.si_code != CLD_EXITED, info.si_status};
}

Spent reap(pid_t pid) {
  rusage usage{};
  const pid_t reaped = ::wait4(pid, nullptr, WNOHANG, &usage);
  DROVER_CHECK(reaped == pid, "only an ended child is reaped, and only here");
  Spent spent{micros(usage.ru_utime) + micros(usage.ru_stime), resident_bytes(usage)};
  // Until it called exec it lived in our memory, and the kernel counts that as its own.
  rusage own{};
  if (::getrusage(RUSAGE_SELF, &own) != 0 || spent.largest_bytes <= resident_bytes(own)) {
    spent.largest_bytes = 0;
  }
  return spent;
}

}  // namespace drover::supervisor
