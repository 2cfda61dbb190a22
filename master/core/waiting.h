// What waits for a node, so that whatever makes room wakes what fits it, and nothing else.
//
// Problem: thousands of copies may wait, most of them for the same. Trying each whenever a task
// ends somewhere costs as much as all of them; trying them by the clock alone leaves nodes idle.
//
// Solution: what asks for the same waits in one class. A class sleeps while nothing fits it. A node
// that has more room than before, or is new, wakes the classes that fit it, and only the nodes that
// woke a class are tried for it. Of the classes that are awake, the oldest copy of the highest
// priority is next.
//
// Example: 5,000 copies of 2 cores and 3 of 16 cores wait. A task of 2 cores ends on a node that is
// otherwise full: the class of 2 cores is woken, its oldest copy is placed there, the next one does
// not fit, and the class sleeps again. The class of 16 cores was not looked at but once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/ids.h"
#include "master/core/constraints.h"
#include "master/core/placement.h"

namespace drover::core {

// What decides whether a copy can be on a node at all.
struct Demand {
  std::optional<NodeId>
      pinned;  // the only node that it may be on; first, so that these lie together
  Resources resources;
  std::vector<Constraint> constraints;
  // All first copies of this instance are to be placed at once: woken by whatever happens.
  std::optional<InstanceId> gang;

  bool fits(const Offer& offer) const {
    return (!pinned || *pinned == offer.node->id) && resources.fits_in(offer.room()) &&
           all_hold(constraints, *offer.node);
  }
  auto operator<=>(const Demand&) const = default;
};

class WaitingQueue {
 public:
  // Puts the copy among those that wait for the same, for `reason`. Nothing fits it at present.
  void add(const AllocationId& id, std::uint32_t priority, const Demand& demand, WaitReason reason);
  // Nothing happens if it does not wait.
  void remove(const AllocationId& id);

  // For what copies of the same demand wait already; a new one has to wait behind them.
  std::optional<WaitReason> find(const Demand& demand) const;

  // The node takes more than before.
  void wake(const Offer& offer);

  struct Next {
    AllocationId id;
    // The nodes that have woken it; empty: they are too many to be told.
    std::vector<NodeId> nodes;
    bool is_gang = false;
  };
  std::optional<Next> next() const;
  // Nothing fits the copy, which is the next one: those of its class sleep.
  void nothing_fits(const AllocationId& id, WaitReason reason);

  bool contains(const AllocationId& id) const { return places_.contains(id); }
  bool empty() const { return places_.empty(); }
  // All that wait, by their ids.
  std::vector<AllocationId> all() const;

 private:
  // Higher priorities first, then older instances.
  using Key = std::pair<std::int64_t, AllocationId>;
  struct Class {
    std::set<Key> members;
    WaitReason reason = WaitReason::none;
    bool awake = false;
    std::vector<NodeId> woken_by;
    bool by_many = false;
  };
  using Classes = std::map<Demand, Class>;
  struct Place {
    Classes::iterator in;
    Key key;
  };

  void wake(Classes::iterator found, const Offer& offer);
  void rouse(Classes::iterator found);
  void lay_down(Classes::iterator found);

  Classes classes_;
  std::unordered_map<AllocationId, Place> places_;
  std::map<Key, Classes::iterator> awake_;  // by the first member of each class that is awake
};

}  // namespace drover::core
