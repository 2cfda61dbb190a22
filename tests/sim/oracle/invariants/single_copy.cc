// 4: an attempt is never run twice; a task that is run once never has a second process; attempts of
// one copy, and copies of an exclusive group, are never alive side by side; other copies no longer
// than the published bound.
#include <limits>
#include <map>
#include <set>

#include "common/limits.h"
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

constexpr std::uint32_t kNoIndex = std::numeric_limits<std::uint32_t>::max();

struct TaskId {
  InstanceId instance;
  std::uint32_t slot = 0;  // or the role, where copies in several slots exclude each other
  std::uint32_t index = 0;
  std::uint32_t task = 0;
  auto operator<=>(const TaskId&) const = default;
};

// What master/README.md publishes, and what the simulated network may take on top of it.
Time published_bound(const core::GroupSpec& spec) {
  const std::chrono::milliseconds bound =
      limits::kLease + core::longest_grace(spec) + limits::kHeartbeatInterval;
  return bound.count() + 2'000;
}

class SingleCopy final : public Invariant {
 public:
  explicit SingleCopy(Watch watch) : Invariant(watch, 4) {}

  void process_began(const ProcessBegan& fact) override {
    const RealAttempt& attempt = truth().attempts.at(fact.id);
    const Subjects subjects{name(fact.id.allocation.instance), "n" + std::to_string(fact.machine)};
    if (truth().is_excused(fact.id.allocation.instance)) return;
    if (attempt.starts > 1) broken("attempt " + name(fact.id) + " runs a second time", subjects);
    const core::GroupSpec* spec = truth().group(fact.id.allocation);
    if (spec == nullptr) return;
    const TaskId task = task_of(fact.id);
    auto& copies = copies_[slot_task_of(fact.id)];
    copies.insert(fact.id.allocation);
    const bool is_again = copies.size() > 1 && spec->reschedule_policy() == RestartPolicy::never;
    const bool is_in_place =
        fact.id.attempt > 1 && truth().task(fact.id)->restart_policy() == RestartPolicy::never;
    if (is_again || is_in_place) {
      broken("a task that is run once has a second process, " + name(fact.id), subjects);
    }
    for (const AttemptId& other : live_[task]) {
      if (other.allocation == fact.id.allocation || spec->is_exclusive()) {
        check_apart(other, fact.id, subjects);
      } else {
        watch_overlap(other, fact.id, published_bound(*spec));
      }
    }
    live_[task].insert(fact.id);
  }

  // What has lost its lease is gone when its grace is over, whatever happens to the lease then.
  void agent_stepped(std::uint32_t machine, const agent::core::Input&,
                     const agent::core::Output& output) override {
    for (const agent::core::JournalRecord& record : output.journal) {
      const auto* fence = std::get_if<agent::core::FenceRecord>(&record);
      if (fence != nullptr) watch_fenced(machine, fence->allocation);
    }
  }

  void process_ended(const ProcessEnded& fact) override { live_[task_of(fact.id)].erase(fact.id); }

 private:
  static TaskId slot_task_of(const AttemptId& id) {
    return {id.allocation.instance, id.allocation.slot, kNoIndex, id.task};
  }
  TaskId task_of(const AttemptId& id) const {
    const InstanceId& instance = id.allocation.instance;
    const std::uint32_t slot = id.allocation.slot;
    const core::GroupSpec* spec = truth().group(id.allocation);
    const auto role = truth().records.roles.find({instance, slot});
    if (spec == nullptr || !spec->is_exclusive() || role == truth().records.roles.end()) {
      return slot_task_of(id);
    }
    return {instance, role->second.group, role->second.index, id.task};
  }

  // Of an exclusive group, or attempts of one copy.
  void check_apart(const AttemptId& old, const AttemptId& young, Subjects subjects) {
    const std::uint32_t machine = truth().attempts.at(old).machine;
    // Nothing can be ended by a supervisor that does not get to run.
    if (truth().frozen_supervisors.contains(machine) || truth().cloned.contains(machine)) return;
    // The master gave away what the node's copy did not hold, while its start was on its way.
    if (truth().cloned.contains(truth().attempts.at(young).machine)) return;
    subjects.push_back("n" + std::to_string(machine));
    broken(name(young) + " begins beside " + name(old) + ", and must not", subjects);
  }

  void watch_fenced(std::uint32_t machine, const AllocationId& id) {
    const core::GroupSpec* spec = truth().group(id);
    if (spec == nullptr) return;
    const Time begin = now();
    const std::chrono::milliseconds margin = limits::kFenceMargin;
    context().events.after(core::longest_grace(*spec).count() + margin.count(), [=, this] {
      const auto calm = truth().nodes.at(machine).free_of(
          {Trouble::no_agent, Trouble::frozen, Trouble::supervisor_frozen, Trouble::disk});
      if (!calm || *calm > begin || truth().is_excused(id.instance)) return;
      for (auto attempt = truth().attempts.lower_bound({id, 0, 0});
           attempt != truth().attempts.end() && attempt->first.allocation == id; ++attempt) {
        const RealAttempt& real = attempt->second;
        if (real.machine != machine || real.starts == 0 || real.ended) continue;
        broken(name(attempt->first) + " has lost its lease and outlives its grace",
               {name(id.instance), "n" + std::to_string(machine)});
      }
    });
  }

  // The bound counts from when both could speak with the master again.
  void watch_overlap(const AttemptId& old, const AttemptId& young, Time bound) {
    context().events.after(bound, [this, old, young, bound] {
      const RealAttempt& first = truth().attempts.at(old);
      const RealAttempt& second = truth().attempts.at(young);
      if (first.ended || second.ended) return;
      const auto calm_first = truth().calm_since(first.machine);
      const auto calm_second = truth().calm_since(second.machine);
      if (!calm_first || !calm_second || std::max(*calm_first, *calm_second) + bound > now()) {
        return watch_overlap(old, young, bound);
      }
      broken(name(old) + " and " + name(young) + " have been side by side for too long",
             {name(old.allocation.instance), "n" + std::to_string(first.machine),
              "n" + std::to_string(second.machine)});
    });
  }

  std::map<TaskId, std::set<AllocationId>> copies_;  // that have had a process
  std::map<TaskId, std::set<AttemptId>> live_;
};

}  // namespace

std::unique_ptr<Invariant> single_copy(Watch watch) { return std::make_unique<SingleCopy>(watch); }

}  // namespace drover::sim
