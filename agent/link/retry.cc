#include "agent/link/retry.h"

#include <algorithm>

namespace drover::agent::link {
namespace {

constexpr std::int64_t kFirstSilenceMs = 1'000;
constexpr std::int64_t kLongestSilenceMs = 60'000;

}  // namespace

std::chrono::milliseconds Backoff::next_pause(double chance) {
  const auto pause = static_cast<std::int64_t>(chance * static_cast<double>(bound_.count()));
  bound_ = std::min(bound_ * 2, longest_);
  return std::chrono::milliseconds(pause);
}

bool FallingRate::is_due(std::int64_t steady_ms) {
  if (pause_ms_ != 0 && steady_ms < due_ms_) return false;
  pause_ms_ = pause_ms_ == 0 ? kFirstSilenceMs : std::min(2 * pause_ms_, kLongestSilenceMs);
  due_ms_ = steady_ms + pause_ms_;
  return true;
}

}  // namespace drover::agent::link
