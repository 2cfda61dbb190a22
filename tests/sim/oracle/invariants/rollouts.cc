// 22: a copy that another one replaces is told to end only when that one has been well for as long
// as its group asks for, unless its node's time is over or nothing is wanted in its place.
#include <algorithm>

#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class Rollouts final : public Invariant {
 public:
  explicit Rollouts(Watch watch) : Invariant(watch, 22) {}

  void recorded(const core::Changes& changes) override {
    for (const auto& copy : changes.allocations) {
      if (copy->retirement != core::Retirement::replaced) continue;
      if (!told_.insert(copy->id).second || truth().is_excused(copy->id.instance)) continue;
      check(*copy);
    }
  }

  // Whose deadline is over, nobody asks how the one is that follows.
  void master_starts(const MasterStart&) override {
    for (const auto& [slot, copy] : truth().records.allocations) {
      if (copy->retirement != core::Retirement::none) told_.insert(copy->id);
    }
  }

 private:
  void check(const core::Allocation& copy) {
    const core::GroupSpec* group = truth().group(copy.id);
    const core::Allocation* successor = successor_of(copy);
    if (group == nullptr || successor == nullptr || group->is_exclusive()) return;
    // One that is there for nothing itself, or whose node's drain is at its end.
    if (copy.replaces || is_deadline_over(copy) || !is_wanted(copy, *group)) return;
    if (copy.pinned) return;  // the old one goes first: see 25
    const std::int64_t wanted = group->min_healthy_time().count();
    for (std::uint32_t task = 0; task < successor->tasks.size(); ++task) {
      const core::TaskStatus& status = successor->tasks[task];
      const auto real = truth().attempts.find({successor->id, task, status.attempt});
      // Clocks do not run alike.
      const bool is_proven = real != truth().attempts.end() && real->second.starts > 0 &&
                             now() - real->second.began >= wanted * 98 / 100;
      if (is_proven) continue;
      broken(name(copy.id) + " is told to end, and " + name(successor->id) +
                 " that replaces it has not run for " + std::to_string(wanted) + " ms",
             {name(copy.id.instance), "master"});
    }
  }

  const core::Allocation* successor_of(const core::Allocation& copy) const {
    for (const auto& [slot, other] : truth().records.allocations) {
      if (slot.first == copy.id.instance && other->replaces == copy.id.slot) return other.get();
    }
    return nullptr;
  }

  bool is_wanted(const core::Allocation& copy, const core::GroupSpec& group) const {
    const auto instance = truth().records.instances.find(copy.id.instance);
    if (instance == truth().records.instances.end()) return false;
    const auto& counts = instance->second->counts;
    const auto scaled = counts.find(group.name_or(copy.role.group));
    return copy.role.index < (scaled == counts.end() ? group.copies() : scaled->second);
  }

  bool is_deadline_over(const core::Allocation& copy) const {
    if (!copy.node) return true;
    const auto node = truth().records.nodes.find(*copy.node);
    if (node == truth().records.nodes.end() || !node->second->drain) return true;
    return node->second->drain->deadline <= group_time(copy);
  }

  // A drain that may be over before a copy can have proved well says nothing.
  std::chrono::milliseconds group_time(const core::Allocation& copy) const {
    return truth().group(copy.id)->min_healthy_time() + std::chrono::seconds(60);
  }

  std::set<AllocationId> told_;
};

}  // namespace

std::unique_ptr<Invariant> rollouts(Watch watch) { return std::make_unique<Rollouts>(watch); }

}  // namespace drover::sim
