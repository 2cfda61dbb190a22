#include "agent/link/lease.h"

#include "common/limits.h"

namespace drover::agent::link {

std::uint64_t Lease::heartbeat_sent(std::int64_t steady_ms) {
  // An acknowledgement of these would come too late to be of use.
  while (length_ms_ > 0 && !unacknowledged_.empty() &&
         unacknowledged_.front().steady_ms + length_ms_ < steady_ms) {
    unacknowledged_.pop_front();
  }
  unacknowledged_.push_back({++last_, steady_ms});
  return last_;
}

std::optional<std::int64_t> Lease::acknowledged(std::uint64_t heartbeat) {
  if (length_ms_ <= 0 || heartbeat > last_) return std::nullopt;
  std::optional<std::int64_t> sent_ms;
  while (!unacknowledged_.empty() && unacknowledged_.front().number <= heartbeat) {
    sent_ms = unacknowledged_.front().steady_ms;
    unacknowledged_.pop_front();
  }
  if (!sent_ms) return std::nullopt;
  return *sent_ms + length_ms_ - length_ms_ / limits::kLeaseMargin;
}

}  // namespace drover::agent::link
