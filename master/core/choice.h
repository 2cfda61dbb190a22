// Chooses nodes for the copies of one group, one after the other.
//
// A group without preferences gets the first node in the order of the index that fits; where its
// constraints or what it reserves rule many out, the best of a few that are drawn. With affinity,
// spread or pack the best of a sample is taken: all nodes of a small cluster; otherwise those that
// come first, which are the idle ones, and as many from anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "master/core/again.h"
#include "master/core/command.h"
#include "master/core/state.h"

namespace drover::core {

class Choice {
 public:
  // For the group at the position of this version of its template. All must live as long; between
  // two choices no node may go. `nodes`: those that are looked at; empty: all.
  Choice(const State& state, const InstanceEntry& entry, const Ptr<Template>& from,
         std::uint32_t group, const Moment& now, std::span<const NodeId> nodes = {});
  // For that copy, wherever it may be.
  Choice(const State& state, const InstanceEntry& entry, const Allocation& copy, const Moment& now,
         std::span<const NodeId> nodes = {});

  // The node for the copy that shall fill the slot; null: none fits, and why_not() says why.
  const Offer* next(const Slot& slot);
  // It has been placed there.
  void placed(const Offer& offer);

  const Demand& demand() const { return demand_; }
  // After next() has found none. Nothing: not all nodes were looked at, and none of them matched.
  WaitReason why_not() const;

 private:
  struct Candidate {
    const Offer* offer = nullptr;
    double preference = 0;  // in loads of a whole node
    std::uint32_t* copies =
        nullptr;  // of the group, where the spread or pack attribute is the same
  };

  bool suits(const Offer& offer, const Slot& slot);
  // Where the constraints hold; `room`: the offer's.
  bool fits(const Offer& offer, const Resources& room, const Slot& slot);
  const Offer* first_that_suits(const Slot& slot);
  template <class PositionOf>
  const Offer* best_of(std::size_t size, const Slot& slot, PositionOf position_of);
  const Offer* first_in_order(const Slot& slot, std::size_t most);
  const Offer* best_candidate(const Slot& slot);
  void draw_candidates(const Slot& slot);
  void add_candidate(const Offer& offer);
  void count_copies();
  std::string domain_of(const Node& node) const;
  double cost(const Candidate& candidate) const;

  const State& state_;
  const InstanceEntry& entry_;
  const GroupSpec& group_;
  const std::uint32_t number_;
  const Moment& now_;
  const std::span<const NodeId> nodes_;
  Demand demand_;
  bool has_preferences_ = false;
  std::map<std::string, std::uint32_t> copies_;  // of the group, by the attribute's value
  std::vector<Candidate> candidates_;
  std::size_t since_drawn_ = 0;  // choices from them
  // What the nodes lacked that were looked at.
  bool some_match_ = false;
  bool some_have_room_ = false;
};

// Of a copy of the group, as it is resolved.
Demand demand_for(const GroupSpec& group, const std::optional<NodeId>& pinned);

}  // namespace drover::core
