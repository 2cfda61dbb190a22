// Which node gets the next group.
//
// Problem: a burst of deploys arrives between two heartbeats. Whoever looks at reported load alone
// sends the whole burst to the node that was idle a second ago.
//
// Solution: a node's score is the load it reported plus what has been placed on it and has not
// ended, counted as one busy core each, per core. The lowest score wins; among equals the node that
// was chosen longest ago, so that equal nodes take turns. The nodes are kept in the order of their
// score: a choice reads the first, whatever their number.
//
// Example: two idle nodes of 4 cores. The first group makes A's score 0.25, so B is next, then A.
// A heartbeat then reports A at 80 % CPU: 0.8 + 0.25 against B's 0.25, so B gets the next three.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>

#include "common/ids.h"
#include "master/core/records.h"

namespace drover::core {

class PlacementIndex {
 public:
  // What decides a node's score.
  struct Load {
    Usage usage;
    std::uint32_t cpu_count = 1;
    std::uint64_t allocations = 0;  // placed and not ended
  };

  // Adds the node or changes its load.
  void update(const NodeId& node, const Load& load);
  // From now on the node is not chosen. Nothing happens if it is not known.
  void remove(const NodeId& node);
  // The best node that `avoid` says no to, which is then the most recently chosen; nothing if there
  // is none. Reads as many nodes as are avoided, and one.
  template <class Avoid>
  std::optional<NodeId> choose(Avoid avoid) {
    for (const Rank& rank : order_) {
      if (avoid(rank.node)) continue;
      const Rank best = rank;  // the ranks are about to change
      replace(ranks_.at(best.node), Rank{best.score, ++choices_, best.node});
      return best.node;
    }
    return std::nullopt;
  }
  std::optional<NodeId> choose() {
    return choose([](const NodeId&) { return false; });
  }

  std::size_t size() const { return ranks_.size(); }

 private:
  struct Rank {
    double score = 0;
    std::uint64_t last_chosen = 0;  // 0: never; else a number that grows with each choice
    NodeId node;
    auto operator<=>(const Rank&) const = default;
  };

  void replace(Rank& old_rank, const Rank& new_rank);

  std::set<Rank> order_;
  std::unordered_map<NodeId, Rank> ranks_;
  std::uint64_t choices_ = 0;
};

}  // namespace drover::core
