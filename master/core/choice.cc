#include "master/core/choice.h"

#include <algorithm>
#include <functional>

#include "common/limits.h"

namespace drover::core {
namespace {

// More than the load of a node can be: reported and reserved are one each at most.
constexpr double kDecides = 2;

// Any stride that shares no factor with the number of nodes would do; a prime larger than it shares
// none. The other one scatters where the draws of choices that follow each other begin.
constexpr std::size_t kStride = 1'000'003;
constexpr std::size_t kDraw = 2'654'435'761;

// In the order of the index. A node itself is looked at only where nothing else tells them apart.
bool is_before(const Standing& one, const Offer& its_offer, const Standing& other,
               const Offer& others_offer) {
  if (one.score != other.score) return one.score < other.score;
  if (one.last_chosen != other.last_chosen) return one.last_chosen < other.last_chosen;
  return its_offer.node->id < others_offer.node->id;
}

}  // namespace

Demand demand_for(const GroupSpec& group, const std::optional<NodeId>& pinned) {
  return {pinned, demand_of(group), group.constraints, {}};
}

Choice::Choice(const State& state, const InstanceEntry& entry, const Ptr<Template>& from,
               std::uint32_t group, const Moment& now, std::span<const NodeId> nodes)
    : state_(state),
      entry_(entry),
      group_(from->spec.groups.at(group)),
      number_(group),
      now_(now),
      nodes_(nodes),
      demand_(demand_for(group_, std::nullopt)),
      has_preferences_(!group_.affinity.empty() || group_.spread || group_.pack) {
  if (has_preferences_) count_copies();
}

Choice::Choice(const State& state, const InstanceEntry& entry, const Allocation& copy,
               const Moment& now, std::span<const NodeId> nodes)
    : Choice(state, entry, entry.source(copy), copy.role.group, now, nodes) {
  demand_.pinned = copy.pinned;
}

void Choice::count_copies() {
  for (const auto& [number, slot] : entry_.slots) {
    const Ptr<Allocation>& copy = slot.allocation;
    if (!copy || copy->role.group != number_ || !copy->node || is_terminal(*copy)) continue;
    const auto node = state_.nodes.find(*copy->node);
    if (node != state_.nodes.end()) ++copies_[domain_of(*node->second.node)];
  }
}

std::string Choice::domain_of(const Node& node) const {
  if (!group_.spread && !group_.pack) return {};
  return attribute_of(node, group_.spread ? *group_.spread : *group_.pack).value_or("");
}

bool Choice::suits(const Offer& offer, const Slot& slot) {
  return all_hold(demand_.constraints, *offer.node) && fits(offer, offer.room(), slot);
}

bool Choice::fits(const Offer& offer, const Resources& room, const Slot& slot) {
  some_match_ = true;
  if (!demand_.resources.fits_in(room)) return false;
  some_have_room_ = true;
  return slot.failures.empty() || !avoids(slot, offer.node->id, now_.steady);
}

const Offer* Choice::next(const Slot& slot) {
  some_match_ = some_have_room_ = false;
  if (demand_.pinned) {
    const Offer* offer = state_.placement.find(*demand_.pinned);
    return offer != nullptr && suits(*offer, slot) ? offer : nullptr;
  }
  if (!has_preferences_) return first_that_suits(slot);
  if (const Offer* best = best_candidate(slot)) return best;
  draw_candidates(slot);
  if (const Offer* best = best_candidate(slot)) return best;
  // A sample may miss what is there.
  return state_.placement.size() > limits::kPlacementSample ? first_that_suits(slot) : nullptr;
}

const Offer* Choice::first_that_suits(const Slot& slot) {
  const PlacementIndex& index = state_.placement;
  if (!nodes_.empty()) {
    const Offer* best = nullptr;
    for (const NodeId& id : nodes_) {
      const Offer* offer = index.find(id);
      if (offer == nullptr || !suits(*offer, slot)) continue;
      if (best == nullptr || offer->score() < best->score()) best = offer;
    }
    return best;
  }
  if (!demand_.constraints.empty()) {
    const std::vector<std::size_t>& eligible = index.eligible(demand_.constraints);
    return best_of(eligible.size(), slot, [&](std::size_t number) { return eligible[number]; });
  }
  if (const Offer* first = first_in_order(slot, limits::kPlacementProbes)) return first;
  if (index.size() <= limits::kPlacementProbes) return nullptr;
  return best_of(index.size(), slot, std::identity());
}

// Looks at so many at most.
const Offer* Choice::first_in_order(const Slot& slot, std::size_t most) {
  const Offer* found = nullptr;
  state_.placement.first([&](const Offer& offer) {
    if (suits(offer, slot)) found = &offer;
    return found != nullptr || --most == 0;
  });
  return found;
}

// Of so many nodes, on all of which the constraints hold; `position_of` says where the index has
// them. Of few all are compared; of many some, drawn anew for each choice, and all where none of
// them fits.
template <class PositionOf>
const Offer* Choice::best_of(std::size_t size, const Slot& slot, PositionOf position_of) {
  const PlacementIndex& index = state_.placement;
  const Offer* best = nullptr;
  Standing of_best;
  const auto compare = [&](std::size_t position) {
    const Standing& standing = index.standing_at(position);
    const Offer& offer = index.at(position);
    if (!fits(offer, standing.room, slot)) return;
    if (best != nullptr && !is_before(standing, offer, of_best, *best)) return;
    best = &offer;
    of_best = standing;
  };
  if (size > 2 * limits::kPlacementProbes) {
    std::size_t number = (now_.random + index.choices() * kDraw) % size;
    for (std::size_t drawn = 0; drawn < limits::kPlacementProbes; ++drawn) {
      compare(position_of(number));
      number = (number + kStride) % size;
    }
    if (best != nullptr) return best;
  }
  for (std::size_t number = 0; number < size; ++number) compare(position_of(number));
  return best;
}

const Offer* Choice::best_candidate(const Slot& slot) {
  if (since_drawn_ >= limits::kPlacementSample / 2) candidates_.clear();
  const Candidate* best = nullptr;
  for (const Candidate& each : candidates_) {
    if (best != nullptr && cost(*best) <= cost(each)) continue;
    if (suits(*each.offer, slot)) best = &each;
  }
  return best == nullptr ? nullptr : best->offer;
}

double Choice::cost(const Candidate& candidate) const {
  double cost = candidate.offer->score() - candidate.preference;
  if (group_.spread) cost += kDecides * *candidate.copies;
  if (group_.pack && *candidate.copies == 0) cost += kDecides;
  return cost;
}

void Choice::draw_candidates(const Slot& slot) {
  candidates_.clear();
  since_drawn_ = 0;
  const PlacementIndex& index = state_.placement;
  if (!nodes_.empty()) {
    for (const NodeId& id : nodes_) {
      if (const Offer* offer = index.find(id); offer != nullptr) add_candidate(*offer);
    }
    return;
  }
  if (index.size() <= limits::kPlacementSample) {
    for (std::size_t position = 0; position < index.size(); ++position) {
      add_candidate(index.at(position));
    }
    return;
  }
  index.first([&](const Offer& offer) {
    if (suits(offer, slot)) add_candidate(offer);
    return candidates_.size() >= limits::kPlacementSample / 2;
  });
  std::size_t position = now_.random % index.size();
  for (std::size_t looked = 0; looked < limits::kPlacementSample / 2; ++looked) {
    add_candidate(index.at(position));
    position = (position + kStride) % index.size();
  }
}

void Choice::add_candidate(const Offer& offer) {
  Candidate candidate{&offer, 0, &copies_[domain_of(*offer.node)]};
  for (const Affinity& affinity : group_.affinity) {
    if (holds(affinity.to, *offer.node)) candidate.preference += affinity.weight / 100.0;
  }
  candidates_.push_back(candidate);
}

void Choice::placed(const Offer& offer) {
  ++since_drawn_;
  if (has_preferences_) ++copies_[domain_of(*offer.node)];
}

WaitReason Choice::why_not() const {
  if (demand_.pinned) {
    if (state_.placement.find(*demand_.pinned) == nullptr) return WaitReason::its_node;
    return some_match_ ? WaitReason::no_room : WaitReason::no_match;
  }
  if (state_.placement.size() == 0) return WaitReason::no_node;
  if (!some_match_) return nodes_.empty() ? WaitReason::no_match : WaitReason::none;
  return some_have_room_ ? WaitReason::nodes_avoided : WaitReason::no_room;
}

}  // namespace drover::core
