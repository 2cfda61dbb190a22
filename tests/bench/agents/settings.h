// What the simulated nodes are, and what they do.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace drover::bench {

struct Settings {
  std::string master;  // "host:port"
  std::size_t nodes = 0;
  std::uint64_t seed = 0;  // the same seed: the same nodes, as far as the master can tell
  std::chrono::milliseconds dial_over{0};  // in which the first dials are spread evenly
  std::size_t dialling_at_once = 0;        // others wait
  // From a task's start to its end, with exit code 0. None: it runs until it is stopped.
  std::optional<std::chrono::milliseconds> task_time;
  std::chrono::milliseconds heartbeat_interval{0};  // 0: as the master says
  std::uint32_t cpu_count = 0;                      // of each node
  std::uint64_t memory_bytes = 0;
  std::vector<std::pair<std::string, std::string>> labels;  // of all nodes
};

}  // namespace drover::bench
