#include "agent/metrics/task_meter.h"

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include "agent/metrics/text.h"
#include "common/process_stat.h"

namespace drover::agent::metrics {
namespace {

std::vector<pid_t> pids_in(const std::string& text) {
  std::vector<pid_t> pids;
  for (const std::string_view word : words(text)) {
    if (const auto pid = number(word)) pids.push_back(static_cast<pid_t>(*pid));
  }
  return pids;
}

}  // namespace

TaskMeter::TaskMeter(std::string root) : root_(std::move(root)) {}

std::optional<ResourceUse> TaskMeter::measure(const TaskProcesses& processes) const {
  static const auto kTicksPerSecond = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  static const auto kPageBytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  std::optional<ResourceUse> sum;
  for (const pid_t pid : family(processes)) {
    const auto stat =
        parse_process_stat(read_text(root_ + "/proc/" + std::to_string(pid) + "/stat"));
    if (!stat) continue;  // it is gone
    if (!sum) sum.emplace();
    sum->cpu_us += stat->cpu_ticks * 1'000'000 / kTicksPerSecond;
    sum->memory_bytes += stat->resident_pages * kPageBytes;
  }
  return sum;
}

std::vector<pid_t> TaskMeter::family(const TaskProcesses& processes) const {
  if (!processes.cgroup.empty()) {
    return pids_in(read_text(root_ + processes.cgroup + "/cgroup.procs"));
  }
  std::vector<pid_t> found{processes.main};
  for (std::size_t next = 0; next < found.size(); ++next) {
    for (const pid_t child : children_of(found[next])) found.push_back(child);
  }
  return found;
}

// Each of its threads has children of its own. Where the kernel was built without
// CONFIG_PROC_CHILDREN there are none to be seen.
std::vector<pid_t> TaskMeter::children_of(pid_t pid) const {
  std::vector<pid_t> children;
  std::error_code error;
  const std::filesystem::directory_iterator none;
  std::filesystem::directory_iterator thread(root_ + "/proc/" + std::to_string(pid) + "/task",
                                             error);
  while (!error && thread != none) {
    for (const pid_t child : pids_in(read_text((thread->path() / "children").string()))) {
      children.push_back(child);
    }
    thread.increment(error);
  }
  return children;
}

}  // namespace drover::agent::metrics
