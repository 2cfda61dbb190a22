#include "master/core/guard.h"

#include <algorithm>

#include "common/limits.h"
#include "common/planted_bug.h"

namespace drover::core {

void MassLossGuard::node_gone(const NodeId& node, std::chrono::milliseconds now) {
  const auto [entry, is_new] = gone_at_.try_emplace(node, now);
  if (is_new) by_time_.emplace(now, node);
}

void MassLossGuard::node_back(const NodeId& node) {
  const auto entry = gone_at_.find(node);
  if (entry == gone_at_.end()) return;
  by_time_.erase({entry->second, node});
  gone_at_.erase(entry);
}

bool MassLossGuard::is_mass_loss(std::size_t online_nodes) const {
  if (planted(PlantedBug::trust_mass_loss)) return false;
  const std::size_t gone = gone_at_.size();
  // Once there is a suspicion, the share alone decides: of three that went, the return of one says
  // little of the other two.
  const bool enough = suspects_ || gone >= limits::kMassLossNodes;
  return enough && gone * limits::kMassLossDivisor > online_nodes + gone;
}

bool MassLossGuard::review(std::chrono::milliseconds now, std::chrono::milliseconds window,
                           std::size_t online_nodes) {
  // Those that went one by one, longer ago, are ordinary losses.
  while (!suspects_ && !by_time_.empty() && by_time_.begin()->first + window < now) {
    gone_at_.erase(by_time_.begin()->second);
    by_time_.erase(by_time_.begin());
  }
  const bool suspected = std::exchange(suspects_, is_mass_loss(online_nodes));
  if (suspected && !suspects_) release();
  return suspected != suspects_;
}

void MassLossGuard::release() {
  gone_at_.clear();
  by_time_.clear();
}

bool RateWindow::take(std::chrono::milliseconds now, std::size_t most) {
  while (!times_.empty() && times_.front() + length_ <= now) times_.pop_front();
  if (times_.size() >= most) return false;
  times_.push_back(now);
  return true;
}

bool TokenBucket::take(std::chrono::milliseconds now) {
  const std::int64_t most = std::int64_t{per_second_} * 1000;
  const std::int64_t passed = std::min<std::int64_t>((now - filled_).count(), 1000);
  thousandths_ = std::min(most, thousandths_ + passed * per_second_);
  filled_ = now;
  if (thousandths_ < 1000) return false;
  thousandths_ -= 1000;
  return true;
}

}  // namespace drover::core
