// 21: no task begins before what it waits for, and none after a failure that ends its group.
#include <map>
#include <set>
#include <vector>

#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class Order final : public Invariant {
 public:
  explicit Order(Watch watch) : Invariant(watch, 21) {}

  // In the order in which it takes its inputs: what it carries out at once may be of several.
  void agent_stepped(std::uint32_t machine, const agent::core::Input&,
                     const agent::core::Output& output) override {
    // Whether rightly is for 24 to judge.
    for (const agent::core::AttemptReport& report : output.reports) {
      const bool is_well = report.health && report.health->health == drover::Health::healthy;
      if (is_well) healthy_.emplace(report.id.allocation, report.id.task);
    }
    for (const agent::core::SupervisorRequest& request : output.requests) {
      const auto* spawn = std::get_if<agent::core::SpawnAttempt>(&request);
      if (spawn != nullptr && is_judged(machine, spawn->id)) check(machine, spawn->id);
    }
    for (const agent::core::JournalRecord& record : output.journal) {
      const auto* ended = std::get_if<agent::core::EndedRecord>(&record);
      if (ended != nullptr && is_judged(machine, ended->attempt)) note(*ended);
    }
  }

  // The one after it may come to another end.
  void agent_failed(std::uint32_t) override {
    std::erase_if(failed_, [this](const auto& failure) { return failure.second == now(); });
  }

 private:
  bool is_judged(std::uint32_t machine, const AttemptId& id) const {
    return truth().task(id) != nullptr && !truth().is_excused(id.allocation.instance) &&
           !truth().cloned.contains(machine) && !truth().damaged_journals.contains(machine);
  }

  void note(const agent::core::EndedRecord& ended) {
    const TaskSpec& task = *truth().task(ended.attempt);
    const bool is_good = agent::core::has_succeeded(task, ended.end);
    const bool is_first = ended.attempt.attempt == 1 && task.after.empty();
    const bool is_withheld = is_first && ended.end.fenced &&
                             std::holds_alternative<agent::core::NeverStarted>(ended.end.cause);
    if (!is_good && !ended.next && !is_withheld)
      failed_.try_emplace(ended.attempt.allocation, now());
  }

  void check(std::uint32_t machine, const AttemptId& id) {
    const core::GroupSpec& group = *truth().group(id.allocation);
    const bool ends_together = group.on_task_failure == OnTaskFailure::stop_group;
    if (ends_together && failed_.contains(id.allocation)) {
      return broken(name(id) + " is begun, and its group was to end", subjects(machine, id));
    }
    if (id.attempt > 1) return;
    const auto& after = group.tasks[id.task].after;
    for (std::uint32_t other = 0; other < group.tasks.size(); ++other) {
      const auto awaited = after.find(group.tasks[other].name);
      if (awaited == after.end() || has_come_to(id.allocation, other, awaited->second)) continue;
      broken(name(id) + " is begun before task " + std::to_string(other) +
                 " has "
                 "come to what it waits for",
             subjects(machine, id));
    }
  }

  // By what the machines did.
  bool has_come_to(const AllocationId& id, std::uint32_t task, Awaited awaited) const {
    if (awaited == Awaited::healthy && healthy_.contains({id, task})) return true;
    const TaskSpec& spec = *truth().task({id, task, 1});
    const auto end = truth().attempts.lower_bound({id, task + 1, 0});
    for (auto each = truth().attempts.lower_bound({id, task, 0}); each != end; ++each) {
      const RealAttempt& real = each->second;
      if (awaited == Awaited::started && real.starts > 0) return true;
      if (real.ended && real.end.kind == RealEnd::Kind::exited && spec.is_success(real.end.code)) {
        return true;
      }
    }
    return false;
  }

  Subjects subjects(std::uint32_t machine, const AttemptId& id) {
    return {name(id.allocation.instance), "n" + std::to_string(machine)};
  }

  std::set<std::pair<AllocationId, std::uint32_t>> healthy_;  // tasks that were called so
  std::map<AllocationId, Time> failed_;  // as its agent has written it down, and when
};

}  // namespace

std::unique_ptr<Invariant> order(Watch watch) { return std::make_unique<Order>(watch); }

}  // namespace drover::sim
