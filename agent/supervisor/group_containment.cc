#include "agent/supervisor/group_containment.h"

#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <utility>
#include <vector>

#include "agent/supervisor/pidfd.h"
#include "common/limits.h"
#include "common/log.h"

namespace drover::supervisor {
namespace {

std::string prefix_of(const std::string& identity) { return "DROVER_SUPERVISED=" + identity + "."; }

struct Leftover {
  pid_t pid = 0;
  UniqueFd pidfd;
};

std::vector<Leftover> marked_processes(const std::string& prefix) {
  std::vector<Leftover> marked;
  for (const ProcessStat& info : all_processes()) {
    if (info.pid == ::getpid() || info.is_zombie) continue;
    if (environment_entry(info.pid, prefix).empty()) continue;
    Leftover leftover{info.pid, open_pidfd(info.pid)};
    // Read again: now that it is held, the number is its own.
    if (!leftover.pidfd || environment_entry(info.pid, prefix).empty()) continue;
    marked.push_back(std::move(leftover));
  }
  return marked;
}

}  // namespace

GroupContainment::GroupContainment(const std::string& identity)
    : mark_prefix_(prefix_of(identity) + std::to_string(::getpid()) + ".") {}

Failure GroupContainment::prepare(Contained& contained, const Resources&, Birthplace& place) {
  place.environment = mark_of(contained);
  ++open_;
  return {};
}

void GroupContainment::signal(const Contained& contained, int signal_number) {
  std::vector<pid_t> roots{contained.pid};
  for (const pid_t child : own_children()) {
    if (owns(contained, child)) roots.push_back(child);
  }
  for (const ProcessStat& info : descendants(all_processes(), roots)) {
    signal_process(info, signal_number);
  }
}

void GroupContainment::kill(const Contained& contained) {
  signal(contained, SIGKILL);
  if (contained.pidfd >= 0) signal_pidfd(contained.pidfd, SIGKILL);
}

void GroupContainment::main_ended(const Contained& contained) {
  // While it is not reaped, its number cannot name another group.
  ::kill(-contained.pid, SIGKILL);
}

bool GroupContainment::is_clear(const Contained& contained) {
  // What left its session and cleared its environment goes with the last attempt.
  const bool is_last = open_ == 1;
  bool clear = true;
  for (const pid_t child : own_children()) {
    if (!is_last && !owns(contained, child)) continue;
    // Nobody but us reaps our children, so the number is its own.
    ::kill(child, SIGKILL);
    clear = false;
  }
  if (clear) --open_;
  return clear;
}

std::string GroupContainment::mark_of(const Contained& contained) const {
  return mark_prefix_ + std::to_string(contained.number);
}

bool GroupContainment::owns(const Contained& contained, pid_t child) const {
  const std::string mark = environment_entry(child, mark_prefix_);
  if (!mark.empty()) return mark == mark_of(contained);
  const auto info = process_stat(child);
  return info && info->session == contained.pid;
}

drover::Status clear_marked_processes(const std::string& identity) {
  const auto deadline = std::chrono::steady_clock::now() + limits::kSupervisorStopTime;
  for (;;) {
    const std::vector<Leftover> marked = marked_processes(prefix_of(identity));
    if (marked.empty()) return Done{};
    for (const Leftover& leftover : marked) {
      log::warning("killing what an earlier supervisor left", {{"pid", leftover.pid}});
      signal_pidfd(leftover.pidfd.get(), SIGKILL);
    }
    for (const Leftover& leftover : marked) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          deadline - std::chrono::steady_clock::now());
      pollfd gone{leftover.pidfd.get(), POLLIN, 0};
      if (left.count() > 0 && ::poll(&gone, 1, static_cast<int>(left.count())) > 0) continue;
      return Error{ErrorKind::unavailable, "process " + std::to_string(leftover.pid) +
                                               " of an earlier supervisor does not die; end it "
                                               "and start again"};
    }
  }
}

}  // namespace drover::supervisor
