// 12: only legal changes of state, and a terminal state never changes.
#include <map>

#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

bool may_follow(core::TaskState before, core::TaskState after) {
  using enum core::TaskState;
  if (before == after) return true;
  switch (before) {
    case waiting:
      return true;
    case running:
    case restarting:
      return after != waiting;
    case unknown:
      return true;
    default:
      return false;
  }
}

class LegalStates final : public Invariant {
 public:
  explicit LegalStates(Watch watch) : Invariant(watch, 12) {}

  void restored() override {
    instances_.clear();
    allocations_.clear();
  }

  // A start of the master changes what is in memory, and not on disk, to unknown.
  void committed(const core::Changes& changes) override {
    check_unknown(changes);
    for (const auto& record : changes.allocations) check(*record);
    for (const auto& record : changes.instances) check(*record);
    for (const auto& ended : changes.finished) {
      for (const auto& record : ended.allocations) check(*record);
      check(*ended.instance);
      if (!core::is_terminal(ended.instance->state)) {
        broken(name(ended.instance->id) + " becomes history in state " +
                   core::to_string(ended.instance->state),
               {name(ended.instance->id), "master"});
      }
    }
  }

 private:
  // After the batch, on no node that is there is anything unknown.
  void check_unknown(const core::Changes& changes) {
    bool returned = false;
    for (const auto& node : changes.nodes) returned = returned || node->online;
    if (!returned && changes.allocations.empty()) return;
    Records after;
    after.nodes = truth().records.nodes;
    if (returned) after.allocations = truth().records.allocations;
    after.apply(changes);
    for (const auto& [place, record] : after.allocations) {
      if (!core::is_unknown(*record) || !record->node || truth().is_excused(place.first)) continue;
      const auto node = after.nodes.find(*record->node);
      if (node == after.nodes.end() || !node->second->online) continue;
      broken(name(record->id) + " is unknown, and its node is online",
             {name(place.first), "master"});
    }
  }

  // Of what was never acknowledged nobody says when its record is damaged.
  bool is_judged(const InstanceId& id) const {
    return truth().instances.contains(id) && !truth().is_excused(id);
  }

  void check(const core::Instance& record) {
    if (!is_judged(record.id)) return;
    const auto [found, is_new] = instances_.try_emplace(record.id, record.state);
    if (!is_new && core::is_terminal(found->second) && found->second != record.state) {
      broken(name(record.id) + " was " + core::to_string(found->second) + " and becomes " +
                 core::to_string(record.state),
             {name(record.id), "master"});
    }
    found->second = record.state;
  }

  void check(const core::Allocation& record) {
    if (!is_judged(record.id.instance)) return;
    std::vector<Standing>& before = allocations_[record.id];
    for (std::size_t task = 0; task < record.tasks.size() && task < before.size(); ++task) {
      const core::TaskStatus& after = record.tasks[task];
      const bool is_legal =
          may_follow(before[task].state, after.state) && after.attempt >= before[task].attempt;
      if (is_legal) continue;
      broken("task " + std::to_string(task) + " of " + name(record.id) + " was " +
                 text_of(before[task]) + " and becomes " + text_of({after.state, after.attempt}),
             {name(record.id.instance), "master"});
    }
    before.clear();
    for (const core::TaskStatus& task : record.tasks) before.push_back({task.state, task.attempt});
  }

  struct Standing {
    core::TaskState state;
    std::uint32_t attempt;
  };
  static std::string text_of(const Standing& task) {
    return std::string(core::to_string(task.state)) + " in attempt " + std::to_string(task.attempt);
  }

  std::map<InstanceId, core::InstanceState> instances_;
  std::map<AllocationId, std::vector<Standing>> allocations_;
};

}  // namespace

std::unique_ptr<Invariant> legal_states(Watch watch) {
  return std::make_unique<LegalStates>(watch);
}

}  // namespace drover::sim
