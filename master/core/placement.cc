#include "master/core/placement.h"

#include <algorithm>

namespace drover::core {
namespace {

double score_of(const PlacementIndex::Load& load) {
  const double reported = std::max(load.usage.cpu_percent, load.usage.memory_percent) / 100.0;
  const double placed =
      static_cast<double>(load.allocations) / std::max<std::uint32_t>(load.cpu_count, 1);
  return reported + placed;
}

}  // namespace

void PlacementIndex::replace(Rank& old_rank, const Rank& new_rank) {
  // Taking the element out and putting it back spares an allocation for each choice.
  auto element = order_.extract(old_rank);
  element.value() = new_rank;
  order_.insert(std::move(element));
  old_rank = new_rank;
}

void PlacementIndex::update(const NodeId& node, const Load& load) {
  const double score = score_of(load);
  const auto [found, is_new] = ranks_.try_emplace(node, Rank{score, 0, node});
  if (is_new) {
    order_.insert(found->second);
  } else if (found->second.score != score) {
    replace(found->second, Rank{score, found->second.last_chosen, node});
  }
}

void PlacementIndex::remove(const NodeId& node) {
  const auto found = ranks_.find(node);
  if (found == ranks_.end()) return;
  order_.erase(found->second);
  ranks_.erase(found);
}

}  // namespace drover::core
