#include "agent/link/heartbeat.h"

#include <algorithm>
#include <chrono>

#include "common/limits.h"

namespace drover::agent::link {
namespace {

constexpr std::int64_t kShortestMs = 50;
constexpr std::int64_t kLongestMs = 60'000;
constexpr double kJitter = 0.1;

}  // namespace

void HeartbeatPace::set_interval(std::int64_t wanted_ms) {
  const std::chrono::milliseconds usual = limits::kHeartbeatInterval;
  interval_ms_ = wanted_ms == 0 ? usual.count() : std::clamp(wanted_ms, kShortestMs, kLongestMs);
}

std::int64_t HeartbeatPace::next(std::int64_t steady_ms, double chance) const {
  const double factor = 1 + kJitter * (2 * chance - 1);
  return steady_ms + static_cast<std::int64_t>(factor * static_cast<double>(interval_ms_));
}

}  // namespace drover::agent::link
