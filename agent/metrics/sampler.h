// What this node has, and how much of it is in use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/metrics/cgroup.h"

namespace drover::agent::metrics {

struct Capacity {
  std::uint32_t cpu_count = 1;  // that the agent may run on; a quota of 1.5 counts as 2
  std::uint64_t memory_bytes = 0;
};

// Whole percents, 0 to 100. What cannot be read counts as 0.
struct Usage {
  std::uint32_t cpu_percent = 0;     // since the sample before; of the quota where one is set
  std::uint32_t memory_percent = 0;  // of the limit where one is set below the machine's memory
};

// The processors that the calling thread may run on.
std::vector<std::uint32_t> allowed_cpus();

// Limits are looked up once, when it is made. One thread.
class Sampler {
 public:
  // `root` stands for "/": "" except in tests. `cpus` is never empty.
  Sampler(std::string root, std::vector<std::uint32_t> cpus, std::int64_t steady_ms);

  Capacity capacity() const;
  // Since the sample before; asked again within kShortestSampleMs, the CPU's is the last one's,
  // since a few clock ticks would make any percentage.
  Usage sample(std::int64_t steady_ms);
  static constexpr std::int64_t kShortestSampleMs = 250;

 private:
  // CPU time that was used, of the time that could have been used; in any one unit.
  struct CpuTime {
    double used = 0;
    double possible = 0;
  };
  CpuTime cpu_time(std::int64_t steady_ms) const;
  CpuTime machine_cpu_time() const;
  std::uint32_t memory_percent() const;

  const std::string root_;
  const std::vector<std::uint32_t> cpus_;
  const std::uint64_t machine_memory_;
  std::optional<CpuQuota> quota_;     // only if below the processors
  std::optional<MemoryLimit> limit_;  // only if below the machine's memory
  CpuTime before_;
  std::int64_t sampled_at_ms_;
  std::uint32_t cpu_percent_ = 0;
};

}  // namespace drover::agent::metrics
