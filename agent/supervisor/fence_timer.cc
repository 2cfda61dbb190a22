#include "agent/supervisor/fence_timer.h"

#include <algorithm>
#include <limits>

#include "common/limits.h"

namespace drover::supervisor {
namespace {

// A grace is what the agent says, and no sum of it may overflow.
std::int64_t bounded(std::int64_t grace_ms) {
  const std::chrono::milliseconds longest = limits::kLongestStopGrace;
  return std::clamp<std::int64_t>(grace_ms, 0, longest.count());
}

}  // namespace

void FenceTimer::set(std::int64_t steady_ms) { fence_ms_ = std::max<std::int64_t>(steady_ms, 0); }

void FenceTimer::add(std::uint64_t number, std::int64_t grace_ms) {
  attempts_.emplace(bounded(grace_ms), number);
}

void FenceTimer::remove(std::uint64_t number, std::int64_t grace_ms) {
  attempts_.erase({bounded(grace_ms), number});
}

std::optional<std::int64_t> FenceTimer::next_due() const {
  if (!fence_ms_ || attempts_.empty()) return std::nullopt;
  const std::int64_t grace_ms = attempts_.begin()->first;
  return *fence_ms_ + std::min(grace_ms, std::numeric_limits<std::int64_t>::max() - *fence_ms_);
}

std::vector<std::uint64_t> FenceTimer::take_due(std::int64_t steady_ms) {
  std::vector<std::uint64_t> due;
  while (const auto next = next_due()) {
    if (*next > steady_ms) break;
    due.push_back(attempts_.begin()->second);
    attempts_.erase(attempts_.begin());
  }
  return due;
}

}  // namespace drover::supervisor
