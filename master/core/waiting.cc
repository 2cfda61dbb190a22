#include "master/core/waiting.h"

#include <algorithm>

#include "common/limits.h"
#include "common/planted_bug.h"

namespace drover::core {

void WaitingQueue::rouse(Classes::iterator found) {
  found->second.awake = true;
  awake_.emplace(*found->second.members.begin(), found);
}

void WaitingQueue::lay_down(Classes::iterator found) {
  if (!found->second.awake) return;
  awake_.erase(*found->second.members.begin());
  found->second.awake = false;
}

void WaitingQueue::add(const AllocationId& id, std::uint32_t priority, const Demand& demand,
                       WaitReason reason) {
  const Key key{-std::int64_t{priority}, id};
  const auto found = classes_.try_emplace(demand).first;
  if (!places_.emplace(id, Place{found, key}).second) return;
  const bool was_awake = found->second.awake;
  lay_down(found);
  found->second.members.insert(key);
  found->second.reason = reason;
  if (was_awake) rouse(found);
}

void WaitingQueue::remove(const AllocationId& id) {
  const auto place = places_.find(id);
  if (place == places_.end()) return;
  const auto found = place->second.in;
  const bool was_awake = found->second.awake;
  lay_down(found);
  found->second.members.erase(place->second.key);
  places_.erase(place);
  if (found->second.members.empty()) {
    classes_.erase(found);
  } else if (was_awake) {
    rouse(found);
  }
}

std::optional<WaitReason> WaitingQueue::find(const Demand& demand) const {
  const auto found = classes_.find(demand);
  if (found == classes_.end()) return std::nullopt;
  return found->second.reason;
}

// What is pinned to other nodes is not looked at.
void WaitingQueue::wake(const Offer& offer) {
  if (planted(PlantedBug::forget_to_wake)) return;
  for (auto found = classes_.begin(); found != classes_.end() && !found->first.pinned; ++found) {
    wake(found, offer);
  }
  const std::optional<NodeId> node = offer.node->id;
  for (auto found = classes_.lower_bound(Demand{node, {}, {}, {}});
       found != classes_.end() && found->first.pinned == node; ++found) {
    wake(found, offer);
  }
}

void WaitingQueue::wake(Classes::iterator found, const Offer& offer) {
  if (!found->first.gang && !found->first.fits(offer)) return;
  Class& woken = found->second;
  if (!woken.awake) rouse(found);
  woken.by_many = woken.by_many || woken.woken_by.size() >= limits::kWakingNodes;
  const NodeId& node = offer.node->id;
  if (woken.by_many) {
    woken.woken_by.clear();
  } else if (std::find(woken.woken_by.begin(), woken.woken_by.end(), node) ==
             woken.woken_by.end()) {
    woken.woken_by.push_back(node);
  }
}

std::optional<WaitingQueue::Next> WaitingQueue::next() const {
  if (awake_.empty()) return std::nullopt;
  const auto& [key, found] = *awake_.begin();
  const bool is_gang = found->first.gang.has_value();
  return Next{key.second, is_gang ? std::vector<NodeId>() : found->second.woken_by, is_gang};
}

void WaitingQueue::nothing_fits(const AllocationId& id, WaitReason reason) {
  const auto found = places_.at(id).in;
  lay_down(found);
  found->second.reason = reason;
  found->second.woken_by.clear();
  found->second.by_many = false;
}

std::vector<AllocationId> WaitingQueue::all() const {
  std::vector<AllocationId> ids;
  ids.reserve(places_.size());
  for (const auto& [id, place] : places_) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace drover::core
