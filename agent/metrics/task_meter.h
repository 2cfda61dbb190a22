// What the processes of one attempt take, as /proc says it. File formats: proc(5), cgroups(7).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "common/resource_use.h"

namespace drover::agent::metrics {

// Where the processes of an attempt are found.
struct TaskProcesses {
  pid_t main = 0;
  std::string cgroup;  // its directory, which holds all of them; empty: it has none
};

class TaskMeter {
 public:
  // `root` stands for "/": "" except in tests.
  explicit TaskMeter(std::string root);

  // The sums of all its processes; without a cgroup, of the main one and its descendants, but for
  // those whose parents have ended. Processor time counts what ended if its parent took note of
  // that. Without memory_peak_bytes. Nothing: there is no process any more.
  std::optional<ResourceUse> measure(const TaskProcesses& processes) const;

 private:
  std::vector<pid_t> family(const TaskProcesses& processes) const;
  std::vector<pid_t> children_of(pid_t pid) const;

  const std::string root_;
};

}  // namespace drover::agent::metrics
