#include "agent/supervisor/process_setup.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "common/files.h"

namespace drover::supervisor {
namespace {

void close_from(int first) {
  if (::syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0) == 0) return;
  rlimit open_files{};
  ::getrlimit(RLIMIT_NOFILE, &open_files);
  for (rlim_t fd = static_cast<rlim_t>(first); fd < open_files.rlim_cur; ++fd) {
    ::close(static_cast<int>(fd));
  }
}

bool means_crash(int signal) {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL ||
         signal == SIGABRT || signal == SIGTRAP || signal == SIGSYS;
}

bool own_oom_score_is_set() {
  auto score = read_file("/proc/self/oom_score_adj");
  return score && score->has_value() && **score != "0\n";
}

}  // namespace

drover::Status own_descriptors() {
  close_from(kNullFd);
  for (int fd = 0; fd < kFirstOtherFd; ++fd) {
    if (fd < kNullFd && ::fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest free number is taken, and all below `fd` are in use.
    const int flags = O_RDWR | (fd < kNullFd ? 0 : O_CLOEXEC);
    const int opened = ::open("/dev/null", flags);
    if (opened != fd) return system_error("cannot open /dev/null", errno);
  }
  return Done{};
}

void own_signals() {
  sigset_t blocked;
  sigfillset(&blocked);
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    // A handler that is there belongs to a sanitizer, and exec removes it.
    if (means_crash(signal)) {
      sigdelset(&blocked, signal);
      struct sigaction action {};
      if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) continue;
    }
    std::signal(signal, SIG_DFL);
  }
  ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
}

Result<Inheritance> own_attributes() {
  Inheritance inheritance;
  inheritance.supervisor = ::getpid();
  inheritance.reset_oom_score = own_oom_score_is_set();
  if (::getrlimit(RLIMIT_NOFILE, &inheritance.open_files) != 0) {
    return system_error("cannot read the limit of open files", errno);
  }
  rlimit raised = inheritance.open_files;
  raised.rlim_cur = raised.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &raised);  // the lower limit still serves
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
    return system_error("cannot become the parent of orphans", errno);
  }
  ::umask(077);
  return inheritance;
}

Result<UniqueFd> open_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  UniqueFd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return system_error("cannot make a signal descriptor", errno);
  return fd;
}

}  // namespace drover::supervisor
