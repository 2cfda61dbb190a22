// 10: what is placed on a node never reserves more than the node has, and neither do the processes
// that are really there; what runs was placed where its constraints hold; of a gang all first
// copies are placed at once.
#include <set>

#include "master/core/resources.h"
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class Reservations final : public Invariant {
 public:
  explicit Reservations(Watch watch) : Invariant(watch, 10) {}

  void committed(const core::Changes& changes) override {
    placed_now_.clear();
    for (const auto& copy : changes.allocations) {
      const core::Allocation* before = truth().records.present(copy->id);
      const bool was_placed = before != nullptr && before->id == copy->id && before->node;
      if (copy->node && !was_placed) placed_now_.insert(copy->id);
    }
  }

  void recorded(const core::Changes& changes) override {
    for (const auto& copy : changes.allocations) take(*copy);
    for (const AllocationId& id : changes.dropped) let_go({id.instance, id.slot});
    for (const auto& ended : changes.finished) {
      for (const auto& copy : ended.allocations) let_go({copy->id.instance, copy->id.slot});
    }
    for (const auto& copy : changes.allocations) {
      if (!truth().records.present(copy->id)) continue;
      if (!copy->node || core::is_terminal(*copy)) continue;
      check_room(*copy);
      check_gang(*copy);
    }
  }

  void process_began(const ProcessBegan& fact) override {
    if (is_excused(fact.machine)) return;
    core::Resources used;
    for (const auto& [id, attempt] : truth().attempts) {
      const bool runs = attempt.starts > 0 && !attempt.ended;
      if (!runs || attempt.machine != fact.machine) continue;
      if (truth().is_excused(id.allocation.instance)) return;
      used += asked_for(id);
    }
    const core::Node* node = node_of(fact.machine);
    if (node == nullptr || !has_said_what_it_has(*node) || used.fits_in(core::capacity_of(*node)))
      return;
    broken("with " + name(fact.id) + " the processes on n" + std::to_string(fact.machine) +
               " use " + text(used) + " of its " + text(core::capacity_of(*node)),
           {name(fact.id.allocation.instance), "n" + std::to_string(fact.machine), "master"});
  }

  void master_starts(const MasterStart&) override {
    placed_.clear();
    taken_.clear();
    for (const auto& [slot, copy] : truth().records.allocations) take(*copy);
  }

 private:
  using Slot = std::pair<InstanceId, std::uint32_t>;
  struct Placed {
    NodeId node;
    core::Resources demand;
  };

  void let_go(const Slot& slot) {
    const auto found = placed_.find(slot);
    if (found == placed_.end()) return;
    taken_[found->second.node] -= found->second.demand;
    placed_.erase(found);
  }

  void take(const core::Allocation& copy) {
    const Slot slot{copy.id.instance, copy.id.slot};
    let_go(slot);
    // What a start could not read takes no room that the master knows of.
    if (truth().is_excused(copy.id.instance)) return;
    const core::GroupSpec* group = group_of(copy);
    if (!copy.node || core::is_terminal(copy) || group == nullptr) return;
    const Placed placed{*copy.node, core::demand_of(*group)};
    taken_[placed.node] += placed.demand;
    placed_.emplace(slot, placed);
  }

  // Not where its record was damaged, and the master knows nothing of it but its id.
  static bool has_said_what_it_has(const core::Node& node) { return !node.boot_id.empty(); }

  void check_room(const core::Allocation& copy) {
    const auto node = truth().records.nodes.find(*copy.node);
    if (node == truth().records.nodes.end()) return;
    if (!has_said_what_it_has(*node->second)) {
      if (!placed_now_.contains(copy.id)) return;
      return broken(name(copy.id) + " is placed on a node that has not said what it has",
                    {name(copy.id.instance), "master"});
    }
    const core::Resources& taken = taken_[*copy.node];
    if (taken.fits_in(core::capacity_of(*node->second))) return;
    broken("with " + name(copy.id) + " " + text(taken) + " are reserved of the " +
               text(core::capacity_of(*node->second)) + " of its node",
           {name(copy.id.instance), "master"});
  }

  void check_gang(const core::Allocation& copy) {
    const core::TemplateSpec* spec = template_of(copy.id.instance);
    if (spec == nullptr || !spec->gang.value_or(false) || copy.id.generation > 1) return;
    if (truth().is_excused(copy.id.instance)) return;
    for (std::uint32_t slot = 0; slot < spec->slots(); ++slot) {
      const core::Allocation* other = truth().records.present({copy.id.instance, slot, 1});
      const bool waits = other != nullptr && other->id.generation == 1 && !other->node &&
                         !core::is_terminal(*other);
      if (!waits) continue;
      return broken(name(copy.id) + " is placed, and " + name(other->id) + " of its gang is not",
                    {name(copy.id.instance), "master"});
    }
  }

  // Whose accounts the master cannot know.
  bool is_excused(std::uint32_t machine) const {
    return truth().damaged_journals.contains(machine) || truth().cloned.contains(machine) ||
           truth().frozen_supervisors.contains(machine);
  }

  const core::TemplateSpec* template_of(const InstanceId& id) const {
    const auto instance = truth().records.instances.find(id);
    if (instance == truth().records.instances.end()) return nullptr;
    const auto spec = truth().templates.find(instance->second->template_name);
    return spec == truth().templates.end() ? nullptr : &spec->second;
  }

  const core::GroupSpec* group_of(const core::Allocation& copy) const {
    const core::TemplateSpec* spec = template_of(copy.id.instance);
    if (spec == nullptr || copy.role.group >= spec->groups.size()) return nullptr;
    return &spec->groups[copy.role.group];
  }

  core::Resources asked_for(const AttemptId& id) const {
    const TaskSpec* task = truth().task(id);
    if (task == nullptr || !task->resources) return {};
    return {task->resources->cpu_thousandths.value_or(0),
            task->resources->memory_bytes.value_or(0)};
  }

  const core::Node* node_of(std::uint32_t machine) const {
    for (const auto& [id, number] : truth().machine_of) {
      const auto node = truth().records.nodes.find(id);
      if (number == machine && node != truth().records.nodes.end()) return node->second.get();
    }
    return nullptr;
  }

  static std::string text(const core::Resources& resources) {
    return std::to_string(resources.cpu_thousandths) + "/1000 cores and " +
           std::to_string(resources.memory_bytes >> 20) + " MiB";
  }

  std::set<AllocationId> placed_now_;  // by the batch
  std::map<Slot, Placed> placed_;
  std::map<NodeId, core::Resources> taken_;
};

}  // namespace

std::unique_ptr<Invariant> reservations(Watch watch) {
  return std::make_unique<Reservations>(watch);
}

}  // namespace drover::sim
