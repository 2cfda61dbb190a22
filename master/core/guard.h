// What keeps the master from doing harm in a hurry: when to suspect itself, and how fast it gives
// up nodes and replaces what ran on them. Pure values; time comes in.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "common/ids.h"

namespace drover::core {

// Notices that many nodes have gone silent at once.
//
// Problem: when a switch fails, or the master itself loses its network, every node looks dead, and
// replacing all that runs would start everything twice.
//
// Solution: when more than a third of the nodes, and at least three, have gone within one lease,
// the master suspects itself. Until enough of them are heard again, or an operator says that they
// are really lost, nothing of them is given up.
//
// Example: of 9 nodes, 4 go within a lease: suspicion. One returns: 3 of 9 are no more than a
// third, so the suspicion ends and the other three get the time that their groups allow from then
// on.
class MassLossGuard {
 public:
  void node_gone(const NodeId& node, std::chrono::milliseconds now);
  void node_back(const NodeId& node);

  // Brings the suspicion up to date; true if it began or ended. `window`: the length of a lease.
  bool review(std::chrono::milliseconds now, std::chrono::milliseconds window,
              std::size_t online_nodes);
  // The operator says that the silent nodes are lost: they are not counted any more.
  void release();

  bool suspects() const { return suspects_; }
  // How many are counted as gone; while there is a suspicion these are the ones it is about.
  std::size_t silent() const { return gone_at_.size(); }

 private:
  bool is_mass_loss(std::size_t online_nodes) const;

  std::map<NodeId, std::chrono::milliseconds> gone_at_;
  std::set<std::pair<std::chrono::milliseconds, NodeId>> by_time_;
  bool suspects_ = false;
};

// How often something has happened lately.
class RateWindow {
 public:
  explicit RateWindow(std::chrono::milliseconds length) : length_(length) {}

  // Notes one more and returns true, or returns false where `most` have happened within the window.
  bool take(std::chrono::milliseconds now, std::size_t most);
  // When the oldest leaves the window. Something must have been noted.
  std::chrono::milliseconds next_leaves() const { return times_.front() + length_; }

 private:
  std::chrono::milliseconds length_;
  std::deque<std::chrono::milliseconds> times_;
};

// A steady rate with a burst of one second's worth.
class TokenBucket {
 public:
  explicit TokenBucket(std::uint32_t per_second)
      : per_second_(per_second), thousandths_(std::int64_t{per_second} * 1000) {}

  // Takes one; false where there is none yet.
  bool take(std::chrono::milliseconds now);

 private:
  std::uint32_t per_second_;
  std::int64_t thousandths_;
  std::chrono::milliseconds filled_{0};
};

// What readers are told of the cluster as a whole.
struct ClusterStatus {
  bool suspects = false;  // nothing of the silent nodes is given up
  std::size_t silent_nodes = 0;
  std::size_t online_nodes = 0;
  std::size_t nodes = 0;
  std::int64_t since = 0;  // unix ms

  bool operator==(const ClusterStatus&) const = default;
};

}  // namespace drover::core
