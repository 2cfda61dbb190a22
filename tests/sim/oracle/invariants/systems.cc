// 25: of a system instance no node has two copies of a group, and no copy is on another node than
// the one that it is for.
#include <map>
#include <tuple>

#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class Systems final : public Invariant {
 public:
  explicit Systems(Watch watch) : Invariant(watch, 25) {}

  void recorded(const core::Changes& changes) override {
    for (const auto& copy : changes.allocations) {
      if (!copy->pinned || truth().is_excused(copy->id.instance)) continue;
      if (copy->node && copy->node != copy->pinned) {
        broken(name(copy->id) + " is placed on another node than its own",
               {name(copy->id.instance), "master"});
      }
      check_alone(*copy);
    }
  }

 private:
  void check_alone(const core::Allocation& copy) {
    if (core::is_terminal(copy) || !is_present(copy)) return;
    auto other = truth().records.allocations.lower_bound({copy.id.instance, 0});
    for (; other != truth().records.allocations.end() && other->first.first == copy.id.instance;
         ++other) {
      const core::Allocation& each = *other->second;
      const bool is_twin = each.id.slot != copy.id.slot && each.pinned == copy.pinned &&
                           each.role.group == copy.role.group && !core::is_terminal(each);
      if (!is_twin) continue;
      return broken(name(copy.id) + " and " + name(each.id) + " are both for one node",
                    {name(copy.id.instance), "master"});
    }
  }

  bool is_present(const core::Allocation& copy) const {
    const core::Allocation* present = truth().records.present(copy.id);
    return present != nullptr && present->id == copy.id;
  }
};

}  // namespace

std::unique_ptr<Invariant> systems(Watch watch) { return std::make_unique<Systems>(watch); }

}  // namespace drover::sim
