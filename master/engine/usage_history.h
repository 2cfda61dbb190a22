// How loaded a node was of late, for charts: heartbeats, averaged over pieces of time. Kept in
// memory alone, from the start of the master on.
#pragma once

#include <cstdint>
#include <vector>

#include "master/core/records.h"

namespace drover::engine {

struct UsageSample {
  core::UnixMs from = 0;  // when the piece of time began
  core::Usage usage;      // on average
};

class UsageHistory {
 public:
  // By the wall clock: where that is set, pieces are longer or shorter, or overlap.
  void add(core::UnixMs at, const core::Usage& usage);
  // The oldest first.
  std::vector<UsageSample> samples() const;

 private:
  struct Piece {
    core::UnixMs from = 0;
    std::uint32_t heartbeats = 0;
    std::uint32_t cpu_percent = 0;  // sums over the heartbeats
    std::uint32_t memory_percent = 0;
  };
  std::vector<Piece> pieces_;  // at most limits::kUsageSamples
};

}  // namespace drover::engine
