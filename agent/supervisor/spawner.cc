#include "agent/supervisor/spawner.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "agent/supervisor/pidfd.h"
#include "agent/supervisor/reaper.h"
#include "common/limits.h"
#include "common/log.h"

namespace drover::supervisor {
namespace {

// Puts the descriptors where the child looks for them, and takes them away again: a writing end
// that stayed would hide the end of the output.
class StreamsInPlace {
 public:
  StreamsInPlace(int stdin_fd, int stdout_fd, int stderr_fd) {
    place(stdin_fd, kChildStdinFd);
    place(stdout_fd, kChildStdoutFd);
    place(stderr_fd, kChildStderrFd);
  }
  StreamsInPlace(const StreamsInPlace&) = delete;
  StreamsInPlace& operator=(const StreamsInPlace&) = delete;
  ~StreamsInPlace() {
    place(kNullFd, kChildStdinFd);
    place(kNullFd, kChildStdoutFd);
    place(kNullFd, kChildStderrFd);
  }

 private:
  static void place(int from, int to) {
    DROVER_CHECK(::dup3(from, to, O_CLOEXEC) == to, "the descriptors are open");
  }
};

bool close_range_works() {
  // Beyond any descriptor: nothing is closed.
  return ::syscall(SYS_close_range, ~0U, ~0U, 0) == 0;
}

// `report` ends with exec or with the process, or brings what failed before.
Failure await_exec(int report, int pidfd) {
  pollfd ready{report, POLLIN, 0};
  const int time_ms = static_cast<int>(limits::kSpawnTime.count());
  if (::poll(&ready, 1, time_ms) == 0) {
    signal_pidfd(pidfd, SIGKILL);
    return {ETIMEDOUT, "exec"};
  }
  ChildFailure failure;
  if (::read(report, &failure, sizeof failure) != sizeof failure) return {};
  return {failure.error_number, failure.step};
}

// The kernel is older than the call or the flag, or a filter forbids it.
bool is_refused(int error_number) {
  return error_number == ENOSYS || error_number == EINVAL || error_number == E2BIG ||
         error_number == EPERM;
}

}  // namespace

Result<Spawner> Spawner::create(Inheritance inheritance) {
  auto stack = CloneStack::create();
  if (!stack) return stack.error();
  return Spawner(inheritance, std::move(*stack));
}

Spawner::Spawner(Inheritance inheritance, CloneStack stack)
    : inheritance_(inheritance), stack_(std::move(stack)), can_unshare_(close_range_works()) {}

// Kernels with the fix of 2025 for the race between fork and cgroup.kill kill a child that is born
// into a cgroup other than its parent's when one of the two was ever the target of cgroup.kill.
void Spawner::try_birth(const Birthplace& place) {
  Spawn request;
  request.set_program("/");
  const Spawned spawned = spawn(request, place, kNullFd, kNullFd);
  if (spawned.pid < 0) return;
  pollfd ended{spawned.pidfd.get(), POLLIN, 0};
  while (::poll(&ended, 1, -1) != 1) {
  }
  reap(spawned.pid);
  if (spawned.error_number != 0) return;
  uses_clone3_ = false;
  log::warning("children cannot be born in their cgroups and move there, which is slower");
}

Spawned Spawner::spawn(const Spawn& request, const Birthplace& place, int stdout_fd,
                       int stderr_fd) {
  SpawnPlan plan(request, place);
  if (const Failure failure = plan.prepare(); failure.error_number != 0) {
    return {-1, {}, failure.error_number, failure.step};
  }
  plan.child().inheritance = &inheritance_;
  const StreamsInPlace streams(plan.input_fd(), stdout_fd, stderr_fd);
  return plan.child().changes_user ? spawn_apart(plan, place) : spawn_sharing(plan, place);
}

Spawned Spawner::spawn_sharing(SpawnPlan& plan, const Birthplace& place) {
  ChildPlan& child = plan.child();
  child.shares_files = can_unshare_;
  Cloned cloned = clone(child, place);
  if (cloned.pid < 0) return {-1, {}, cloned.error_number, "clone"};
  return {cloned.pid, UniqueFd(cloned.pidfd), child.error_number, child.failed_step};
}

// Once it is another user's, a process can be stopped by every other process of that user: the
// supervisor must not stand still for it, and its memory is no business of theirs.
Spawned Spawner::spawn_apart(SpawnPlan& plan, const Birthplace& place) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {-1, {}, errno, "pipe"};
  const UniqueFd report(ends[0]);
  UniqueFd report_end(ends[1]);
  plan.child().report_fd = report_end.get();
  Cloned cloned = clone(plan.child(), place);
  report_end.reset();
  if (cloned.pid < 0) return {-1, {}, cloned.error_number, "clone"};
  UniqueFd pidfd(cloned.pidfd);
  const Failure failure = await_exec(report.get(), pidfd.get());
  return {cloned.pid, std::move(pidfd), failure.error_number, failure.step};
}

Cloned Spawner::clone(ChildPlan& plan, const Birthplace& place) {
  if (!uses_clone3_) return clone_and_join(plan, place);
  const Sharing sharing{plan.report_fd < 0, plan.shares_files};
  Cloned cloned = clone_into(stack_, sharing, place.cgroup, child_main, &plan);
  if (cloned.pid >= 0 || !is_refused(cloned.error_number)) return cloned;
  cloned = clone_and_join(plan, place);
  if (cloned.pid >= 0) uses_clone3_ = false;
  return cloned;
}

Cloned Spawner::clone_and_join(ChildPlan& plan, const Birthplace& place) {
  UniqueFd procs;
  if (place.cgroup >= 0) {
    procs.reset(::openat(place.cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC));
    if (!procs) return {-1, -1, errno};
    plan.join_cgroup_fd = procs.get();
  }
  return clone_plain(stack_, {plan.report_fd < 0, plan.shares_files}, child_main, &plan);
}

}  // namespace drover::supervisor
