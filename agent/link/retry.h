// How long to wait between attempts at something that fails, and how often to say so. Pure: time
// and chance are given. One thread.
#pragma once

#include <chrono>
#include <cstdint>

namespace drover::agent::link {

// Exponential backoff with full jitter: each pause is anything from nothing to a bound that
// doubles, so that many agents that lost one master do not return all at once.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest)
      : first_(first), longest_(longest), bound_(first) {}

  // `chance` is in [0, 1).
  std::chrono::milliseconds next_pause(double chance);
  void reset() { bound_ = first_; }

 private:
  const std::chrono::milliseconds first_;
  const std::chrono::milliseconds longest_;
  std::chrono::milliseconds bound_;
};

// Whether a repeated failure is worth a line in the log: the first one, then after pauses that
// double up to a minute.
class FallingRate {
 public:
  bool is_due(std::int64_t steady_ms);
  void reset() { pause_ms_ = 0; }

 private:
  std::int64_t pause_ms_ = 0;  // 0: nothing was said yet
  std::int64_t due_ms_ = 0;
};

}  // namespace drover::agent::link
