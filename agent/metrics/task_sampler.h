// Measures what the running attempts take, each when its turn has come. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/metrics/task_meter.h"
#include "common/ids.h"
#include "common/resource_use.h"

namespace drover::agent::metrics {

struct TaskUse {
  AttemptId attempt;
  ResourceUse used;
};

class TaskSampler {
 public:
  // `root` stands for "/": "" except in tests.
  explicit TaskSampler(std::string root) : meter_(std::move(root)) {}

  // An attempt that is known already is left alone.
  void began(const AttemptId& id, TaskProcesses processes, std::int64_t steady_ms);
  // Gives back the most memory that all its processes together were seen to have; 0: none was seen.
  std::uint64_t ended(const AttemptId& id);
  void clear();

  // When sample() has something to do, in steady ms; nothing while nothing runs.
  std::optional<std::int64_t> next_deadline() const;
  // Measures those whose turn it is: as many as delay nobody. Where there are more of them, the
  // next deadline is over already.
  void sample(std::int64_t steady_ms);

  // At most `most` of what was measured and is not told yet, unless it was found as before.
  std::vector<TaskUse> take(std::size_t most);
  // Nobody has been told of anything.
  void tell_all_anew();

 private:
  struct Watched {
    TaskProcesses processes;
    std::int64_t due_ms = 0;
    ResourceUse used;
  };

  void measure(const AttemptId& id, Watched& watched);

  const TaskMeter meter_;
  std::map<AttemptId, Watched> watched_;
  std::set<std::pair<std::int64_t, AttemptId>> due_;  // one entry for each watched one
  std::set<AttemptId> untold_;                        // of these
};

}  // namespace drover::agent::metrics
