// What a node's supervisor says of processes that nobody has made: each begins when it is asked for
// and ends when its time is over, or with the signal that it gets. Pure: time is given. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/core/io.h"

namespace drover::bench {

class Processes {
 public:
  // `task_time`: from the start of a process to its exit with code 0; none: it runs on.
  explicit Processes(std::optional<std::chrono::milliseconds> task_time) : task_time_(task_time) {}

  void obey(const agent::core::SupervisorRequest& request, agent::core::Moment now);

  // What has happened since the last time, in order.
  std::vector<agent::core::SupervisorStatus> take(agent::core::Moment now);

  // When take() has more to say, in steady ms.
  std::optional<std::int64_t> next_deadline() const;

 private:
  void begin(const std::string& key, std::optional<std::chrono::milliseconds> time,
             agent::core::Moment now);
  void signal(const std::string& key, std::int32_t number, agent::core::Moment now);
  void end(agent::core::SupervisorStatus& process, agent::core::EndCause cause,
           agent::core::Moment now);

  const std::optional<std::chrono::milliseconds> task_time_;
  std::map<std::string, agent::core::SupervisorStatus> known_;  // until they are forgotten
  std::set<std::pair<std::int64_t, std::string>> ends_due_;     // steady ms
  std::vector<agent::core::SupervisorStatus> news_;
};

}  // namespace drover::bench
