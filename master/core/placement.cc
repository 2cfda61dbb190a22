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

void PlacementIndex::replace(Entry& entry, double score, std::uint64_t last_chosen) {
  // Taking the element out and putting it back spares an allocation for each choice.
  auto element = order_.extract(entry.rank);
  entry.rank.score = score;
  entry.rank.last_chosen = last_chosen;
  element.value() = entry.rank;
  order_.insert(std::move(element));
}

bool PlacementIndex::update(Offer offer) {
  const double score = offer.score();
  const NodeId& id = offer.node->id;
  const auto [found, is_new] = nodes_.try_emplace(id);
  Entry& entry = found->second;
  if (is_new || entry.offer.node != offer.node) ++census_;
  if (is_new) {
    entry.rank = {score, 0, id, &entry};
    entry.position = entries_.size();
    entry.offer = std::move(offer);
    entries_.push_back(&entry);
    order_.insert(entry.rank);
    return true;
  }
  const bool has_more = entry.offer.node != offer.node || !offer.room().fits_in(entry.offer.room());
  offer.last_chosen = entry.rank.last_chosen;
  entry.offer = std::move(offer);
  if (entry.rank.score != score) replace(entry, score, entry.rank.last_chosen);
  return has_more;
}

void PlacementIndex::remove(const NodeId& node) {
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return;
  ++census_;
  Entry& last = nodes_.at(entries_.back()->offer.node->id);
  last.position = found->second.position;
  entries_[last.position] = &last;
  entries_.pop_back();
  order_.erase(found->second.rank);
  nodes_.erase(found);
}

void PlacementIndex::chosen(const NodeId& node) {
  Entry& entry = nodes_.at(node);
  replace(entry, entry.rank.score, ++choices_);
  entry.offer.last_chosen = choices_;
}

const std::vector<const Offer*>& PlacementIndex::eligible(
    const std::vector<Constraint>& constraints) const {
  if (eligible_.size() >= limits::kConstraintsRemembered && !eligible_.contains(constraints)) {
    eligible_.clear();
  }
  Eligible& found = eligible_[constraints];
  if (found.census == census_) return found.offers;
  found.census = census_;
  found.offers.clear();
  for (const Entry* entry : entries_) {
    if (all_hold(constraints, *entry->offer.node)) found.offers.push_back(&entry->offer);
  }
  return found.offers;
}

const Offer* PlacementIndex::find(const NodeId& node) const {
  const auto found = nodes_.find(node);
  return found == nodes_.end() ? nullptr : &found->second.offer;
}

}  // namespace drover::core
