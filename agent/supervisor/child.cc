#include "agent/supervisor/child.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

#include "agent/supervisor/exec_path.h"

// The sanitizers' checks know nothing of a child that borrows its parent's memory.
#define DROVER_IN_CHILD                                                          \
  __attribute__((no_sanitize("address"))) __attribute__((no_sanitize("thread"))) \
  __attribute__((no_sanitize("undefined")))

namespace drover::supervisor {
namespace {

constexpr int kFailureExit = 127;
constexpr std::size_t kSignalSetBytes = 8;  // of the kernel's own signal set

template <class... Arguments>
DROVER_IN_CHILD long call(long number, Arguments... arguments) {
  return ::syscall(number, arguments...);
}

[[noreturn]] DROVER_IN_CHILD void give_up(ChildPlan& plan, const char* step, int error_number) {
  plan.error_number = error_number;
  plan.failed_step = step;
  const ChildFailure failure{error_number, step};
  if (plan.report_fd >= 0) call(SYS_write, plan.report_fd, &failure, sizeof failure);
  for (;;) call(SYS_exit_group, kFailureExit);
}

DROVER_IN_CHILD void join_cgroup(ChildPlan& plan) {
  if (plan.join_cgroup_fd < 0) return;
  if (call(SYS_write, plan.join_cgroup_fd, "0", 1L) != 1) give_up(plan, "cgroup", errno);
}

DROVER_IN_CHILD void take_descriptors(ChildPlan& plan) {
  // A copy of a long table is expensive; with this call the kernel copies its beginning only.
  if (plan.shares_files &&
      call(SYS_close_range, unsigned{kFirstOtherFd}, ~0U, unsigned{CLOSE_RANGE_UNSHARE}) != 0) {
    give_up(plan, "descriptors", errno);
  }
  if (call(SYS_dup3, kChildStdinFd, 0, 0) < 0 || call(SYS_dup3, kChildStdoutFd, 1, 0) < 0 ||
      call(SYS_dup3, kChildStderrFd, 2, 0) < 0) {
    give_up(plan, "descriptors", errno);
  }
}

DROVER_IN_CHILD void take_attributes(ChildPlan& plan) {
  if (plan.inheritance->reset_oom_score) {
    const long fd = call(SYS_openat, AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC, 0);
    // Going back to 0 may be forbidden to a supervisor without privileges; it is no reason to fail.
    if (fd >= 0) {
      call(SYS_write, fd, "0", 1L);
      call(SYS_close, fd);
    }
  }
  if (call(SYS_prlimit64, 0L, long{RLIMIT_NOFILE}, &plan.inheritance->open_files, 0L) != 0) {
    give_up(plan, "rlimit", errno);
  }
  for (std::size_t i = 0; i < plan.limits.size(); ++i) {
    const ChildLimit& limit = plan.limits.data()[i];
    if (call(SYS_prlimit64, 0L, long{limit.resource}, &limit.value, 0L) != 0) {
      give_up(plan, limit.step, errno);
    }
  }
  call(SYS_umask, long{plan.umask});
}

// The groups first: afterwards the right to change them is gone.
DROVER_IN_CHILD void become_user(ChildPlan& plan) {
  if (!plan.changes_user) return;
  if (call(SYS_setgroups, plan.groups.size(), plan.groups.data()) != 0 ||
      call(SYS_setresgid, plan.gid, plan.gid, plan.gid) != 0 ||
      call(SYS_setresuid, plan.uid, plan.uid, plan.uid) != 0) {
    give_up(plan, "user", errno);
  }
}

// After the change of user, which makes the kernel forget the signal.
DROVER_IN_CHILD void follow_supervisor(ChildPlan& plan) {
  if (call(SYS_prctl, PR_SET_PDEATHSIG, long{SIGKILL}, 0L, 0L, 0L) != 0) {
    give_up(plan, "prctl", errno);
  }
  // The supervisor may have died before the kernel knew that we want to follow.
  if (call(SYS_getppid) != plan.inheritance->supervisor) give_up(plan, "parent", ESRCH);
}

DROVER_IN_CHILD void unblock_signals() {
  const std::uint64_t no_signals = 0;
  call(SYS_rt_sigprocmask, long{SIG_SETMASK}, &no_signals, 0L, kSignalSetBytes);
}

DROVER_IN_CHILD void enter_directory(ChildPlan& plan) {
  if (call(SYS_chdir, plan.working_dir) != 0) give_up(plan, "chdir", errno);
}

DROVER_IN_CHILD bool looks_like_text(const char* path) {
  char beginning[128];
  const long fd = call(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return false;
  const long count = call(SYS_read, fd, &beginning[0], sizeof beginning);
  call(SYS_close, fd);
  for (long i = 0; i < count; ++i) {
    if (beginning[i] == '\0') return false;
  }
  return count >= 0;
}

// Returns only when it failed, with errno.
DROVER_IN_CHILD int execute(ChildPlan& plan, const char* path) {
  const char** arguments = plan.shell_arguments.data();
  const char** environment = plan.environment.data();
  call(SYS_execve, path, arguments + 1, environment);
  if (errno != ENOEXEC || !looks_like_text(path)) return errno == 0 ? ENOEXEC : errno;
  arguments[1] = path;
  call(SYS_execve, arguments[0], arguments, environment);
  return ENOEXEC;
}

}  // namespace

DROVER_IN_CHILD int child_main(void* argument) {
  ChildPlan& plan = *static_cast<ChildPlan*>(argument);
  join_cgroup(plan);
  take_descriptors(plan);
  if (call(SYS_setsid) < 0) give_up(plan, "setsid", errno);
  take_attributes(plan);
  if (plan.enters_before_user) enter_directory(plan);
  become_user(plan);
  follow_supervisor(plan);
  unblock_signals();
  if (!plan.enters_before_user) enter_directory(plan);
  bool forbidden = false;
  int error = ENOENT;
  for (const char* const* path = plan.candidates.data(); *path != nullptr; ++path) {
    error = execute(plan, *path);
    forbidden = forbidden || error == EACCES;
    if (!search_goes_on(error)) break;
  }
  give_up(plan, "exec", forbidden && search_goes_on(error) ? EACCES : error);
}

}  // namespace drover::supervisor
