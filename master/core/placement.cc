#include "master/core/placement.h"

#include <algorithm>
#include <utility>

#include "common/limits.h"

namespace drover::core {

double Offer::score() const {
  const Resources capacity = capacity_of(*node);
  const double reported = std::max(usage.cpu_percent, usage.memory_percent) / 100.0;
  const double busy = static_cast<double>(reserved.sum.cpu_thousandths) +
                      static_cast<double>(reserved.without_cpu) * 1000;
  const double cpu =
      busy / static_cast<double>(std::max<std::int64_t>(capacity.cpu_thousandths, 1));
  const double memory =
      static_cast<double>(reserved.sum.memory_bytes) / static_cast<double>(capacity.memory_bytes);
  return reported + std::max(cpu, memory);
}

PlacementIndex::Rank PlacementIndex::rank_of(const Entry& entry) const {
  const Standing& standing = standings_[entry.position];
  return {standing.score, standing.last_chosen, entry.offer.node->id, &entry};
}

void PlacementIndex::add(Entry& entry, const Standing& standing) {
  entry.position = entries_.size();
  entries_.push_back(&entry);
  standings_.push_back(standing);
  order_.insert(rank_of(entry));
}

void PlacementIndex::move(const Entry& entry, const Standing& to) {
  // Taking the element out and putting it back spares an allocation for each choice.
  auto element = order_.extract(rank_of(entry));
  standings_[entry.position] = to;
  element.value() = rank_of(entry);
  order_.insert(std::move(element));
}

bool PlacementIndex::update(Offer offer) {
  const auto [found, is_new] = nodes_.try_emplace(offer.node->id);
  Entry& entry = found->second;
  const Standing now{offer.room(), offer.score(), entry.last_chosen};
  const bool says_else = is_new || entry.offer.node != offer.node;
  if (says_else) ++census_;
  entry.offer = std::move(offer);
  if (is_new) {
    add(entry, now);
    return true;
  }
  Standing& before = standings_[entry.position];
  const bool has_more = says_else || !now.room.fits_in(before.room);
  const bool ranks_as_before = now.score == before.score && now.last_chosen == before.last_chosen;
  ranks_as_before ? void(before = now) : move(entry, now);
  return has_more;
}

void PlacementIndex::remove(const NodeId& node) {
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return;
  ++census_;
  order_.erase(rank_of(found->second));
  const std::size_t position = found->second.position;
  entries_[position] = entries_.back();
  entries_[position]->position = position;
  entries_.pop_back();
  standings_[position] = standings_.back();
  standings_.pop_back();
  nodes_.erase(found);
}

void PlacementIndex::chosen(const NodeId& node) { nodes_.at(node).last_chosen = ++choices_; }

const std::vector<std::size_t>& PlacementIndex::eligible(
    const std::vector<Constraint>& constraints) const {
  if (eligible_.size() >= limits::kConstraintsRemembered && !eligible_.contains(constraints)) {
    eligible_.clear();
  }
  Eligible& found = eligible_[constraints];
  if (found.census == census_) return found.positions;
  found.census = census_;
  found.positions.clear();
  for (std::size_t position = 0; position < size(); ++position) {
    if (all_hold(constraints, *at(position).node)) found.positions.push_back(position);
  }
  return found.positions;
}

const Offer* PlacementIndex::find(const NodeId& node) const {
  const auto found = nodes_.find(node);
  return found == nodes_.end() ? nullptr : &found->second.offer;
}

}  // namespace drover::core
