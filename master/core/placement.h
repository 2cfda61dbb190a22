// The nodes that take work, in the order in which they are tried.
//
// Problem: a burst of deploys arrives between two heartbeats. Whoever looks at reported load alone
// sends the whole burst to the node that was idle a second ago.
//
// Solution: a node's score is the load it reported plus the share of it that is reserved; a copy
// that reserves no processor counts as one busy core. The lowest score is tried first; among equals
// the node that was chosen longest ago, so that equal nodes take turns. The nodes are kept in this
// order: a choice reads as many as do not fit, and one. Where constraints rule nodes out, those
// that are left are remembered until a node comes, goes or says something else of itself.
//
// Example: two idle nodes of 4 cores. The first group makes A's score 0.25, so B is next, then A.
// A heartbeat then reports A at 80 % CPU: 0.8 + 0.25 against B's 0.25, so B gets the next three.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "common/ids.h"
#include "master/core/records.h"
#include "master/core/resources.h"

namespace drover::core {

// A node that takes work, as it is now.
struct Offer {
  Ptr<Node> node;
  Usage usage;
  Reserved reserved;

  Resources room() const { return capacity_of(*node) - reserved.sum; }
  double score() const;
};

// What a choice compares of an offer. Of all nodes it lies in one row, as a choice may look at many
// of ten thousand, and each offer and each node would be a miss of the cache.
struct Standing {
  Resources room;
  double score = 0;
  std::uint64_t last_chosen = 0;  // 0: never; else a number that grows with each choice
};

class PlacementIndex {
 public:
  // Adds the node or brings it up to date. Returns whether something may fit now that did not.
  bool update(Offer offer);
  // From now on the node is not tried. Nothing happens if it is not known.
  void remove(const NodeId& node);
  // The node goes behind its equals: with its next update, as whoever is chosen gets something.
  void chosen(const NodeId& node);

  // The first node in the order that fits; null if none does. Valid until the node is removed.
  template <class Fits>
  const Offer* first(Fits fits) const {
    for (const Rank& rank : order_) {
      if (fits(rank.entry->offer)) return &rank.entry->offer;
    }
    return nullptr;
  }
  // Null: the node takes no work.
  const Offer* find(const NodeId& node) const;
  // How often a node was chosen.
  std::uint64_t choices() const { return choices_; }

  // By position, in no particular order, and the same until a node comes or goes.
  const Offer& at(std::size_t position) const { return entries_[position]->offer; }
  const Standing& standing_at(std::size_t position) const { return standings_[position]; }
  std::size_t size() const { return entries_.size(); }
  // The positions at which all of the constraints hold. Valid until a node is added, removed or
  // changed.
  const std::vector<std::size_t>& eligible(const std::vector<Constraint>& constraints) const;

 private:
  struct Entry;
  struct Rank {
    double score = 0;
    std::uint64_t last_chosen = 0;
    NodeId node;
    const Entry* entry = nullptr;

    auto operator<=>(const Rank& other) const {
      return std::tie(score, last_chosen, node) <=>
             std::tie(other.score, other.last_chosen, other.node);
    }
    bool operator==(const Rank& other) const { return (*this <=> other) == 0; }
  };
  struct Entry {
    Offer offer;
    std::size_t position = 0;
    std::uint64_t last_chosen = 0;  // its standing may not know it yet
  };

  Rank rank_of(const Entry& entry) const;
  void add(Entry& entry, const Standing& standing);
  void move(const Entry& entry, const Standing& to);

  std::unordered_map<NodeId, Entry> nodes_;
  std::set<Rank> order_;
  std::vector<Entry*> entries_;      // by position
  std::vector<Standing> standings_;  // by position
  std::uint64_t choices_ = 0;
  // Nodes that hold constraints, as of a census; a new one begins when any node is another.
  struct Eligible {
    std::uint64_t census = 0;
    std::vector<std::size_t> positions;
  };
  mutable std::map<std::vector<Constraint>, Eligible> eligible_;
  std::uint64_t census_ = 1;
};

}  // namespace drover::core
