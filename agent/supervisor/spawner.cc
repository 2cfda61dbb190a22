#include "agent/supervisor/spawner.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

#include "agent/supervisor/exec_path.h"
#include "agent/supervisor/reaper.h"
#include "common/log.h"

namespace drover::supervisor {
namespace {

constexpr std::string_view kPathPrefix = "PATH=";

// The first entry counts, as it does for getenv(3).
std::optional<std::string_view> path_of(const Spawn& request) {
  for (const std::string& entry : request.environment()) {
    if (entry.starts_with(kPathPrefix)) return std::string_view(entry).substr(kPathPrefix.size());
  }
  return std::nullopt;
}

// A C string would end at a NUL byte within.
bool has_nul(const Spawn& request) {
  const auto is_cut = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  return is_cut(request.program()) || is_cut(request.working_dir()) ||
         std::any_of(request.arguments().begin(), request.arguments().end(), is_cut) ||
         std::any_of(request.environment().begin(), request.environment().end(), is_cut);
}

void fill_arguments(const Spawn& request, std::vector<const char*>& out) {
  out.reserve(static_cast<std::size_t>(request.arguments_size()) + 3);
  out.push_back("/bin/sh");
  if (request.arguments().empty()) out.push_back(request.program().c_str());
  for (const std::string& argument : request.arguments()) out.push_back(argument.c_str());
  out.push_back(nullptr);
}

void fill_environment(const Spawn& request, const Birthplace& place,
                      std::vector<const char*>& out) {
  out.reserve(static_cast<std::size_t>(request.environment_size()) + 2);
  for (const std::string& entry : request.environment()) out.push_back(entry.c_str());
  if (!place.environment.empty()) out.push_back(place.environment.c_str());
  out.push_back(nullptr);
}

// Puts the output's descriptors where the child looks for them, and takes them away again: a
// writing end that stayed would hide the end of the output.
class OutputInPlace {
 public:
  OutputInPlace(int stdout_fd, int stderr_fd) {
    place(stdout_fd, kChildStdoutFd);
    place(stderr_fd, kChildStderrFd);
  }
  OutputInPlace(const OutputInPlace&) = delete;
  OutputInPlace& operator=(const OutputInPlace&) = delete;
  ~OutputInPlace() {
    place(kNullFd, kChildStdoutFd);
    place(kNullFd, kChildStderrFd);
  }

 private:
  static void place(int from, int to) {
    DROVER_CHECK(::dup3(from, to, O_CLOEXEC) == to, "both descriptors are open");
  }
};

bool close_range_works() {
  // Beyond any descriptor: nothing is closed.
  return ::syscall(SYS_close_range, ~0U, ~0U, 0) == 0;
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
  if (has_nul(request)) return {-1, {}, EINVAL, "request"};
  const std::vector<std::string> candidates = exec_candidates(request.program(), path_of(request));
  ChildPlan plan;
  for (const std::string& path : candidates) plan.candidates.push_back(path.c_str());
  plan.candidates.push_back(nullptr);
  fill_arguments(request, plan.shell_arguments);
  fill_environment(request, place, plan.environment);
  if (!request.working_dir().empty()) plan.working_dir = request.working_dir().c_str();
  plan.inheritance = &inheritance_;
  plan.shares_files = can_unshare_;

  const OutputInPlace output(stdout_fd, stderr_fd);
  Cloned cloned = clone(plan, place);
  if (cloned.pid < 0) return {-1, {}, cloned.error_number, "clone"};
  return {cloned.pid, UniqueFd(cloned.pidfd), plan.error_number, plan.failed_step};
}

Cloned Spawner::clone(ChildPlan& plan, const Birthplace& place) {
  if (!uses_clone3_) return clone_and_join(plan, place);
  Cloned cloned = clone_vfork(stack_, plan.shares_files, place.cgroup.get(), child_main, &plan);
  if (cloned.pid >= 0 || !is_refused(cloned.error_number)) return cloned;
  cloned = clone_and_join(plan, place);
  if (cloned.pid >= 0) uses_clone3_ = false;
  return cloned;
}

Cloned Spawner::clone_and_join(ChildPlan& plan, const Birthplace& place) {
  UniqueFd procs;
  if (place.cgroup) {
    procs.reset(::openat(place.cgroup.get(), "cgroup.procs", O_WRONLY | O_CLOEXEC));
    if (!procs) return {-1, -1, errno};
    plan.join_cgroup_fd = procs.get();
  }
  return clone_plain(stack_, plan.shares_files, child_main, &plan);
}

}  // namespace drover::supervisor
