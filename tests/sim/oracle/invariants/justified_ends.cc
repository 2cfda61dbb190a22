// 7: tasks outlive the death of the master and of the agent. Nobody ends a process but for a
// reason: the master tells a node to stop only what is to be stopped, and to remove only what is
// over or replaced; an agent ends only what it was told to, what is exclusive and has no lease,
// what has run for as long as it may or is unhealthy, and what is of a group that ends with a task
// of it.
#include <map>
#include <set>

#include "agent/wire/convert.h"
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class JustifiedEnds final : public Invariant {
 public:
  explicit JustifiedEnds(Watch watch) : Invariant(watch, 7) {}

  void sent_to_agent(std::uint32_t machine, const v1::MasterMessage& message) override {
    for (const agent::core::Command& command : agent::wire::commands(message).input.commands) {
      if (const auto* stop = std::get_if<agent::core::StopAllocation>(&command)) {
        told_[machine].insert(stop->id);
        if (!is_stop_wished(stop->id)) unjustified("stop", stop->id, machine);
      } else if (const auto* remove = std::get_if<agent::core::RemoveAllocation>(&command)) {
        told_[machine].insert(remove->id);
        if (is_wanted(remove->id, machine)) unjustified("remove", remove->id, machine);
      }
    }
  }

  void agent_asks(std::uint32_t machine, const agent::core::SupervisorRequest& request) override {
    std::string key;
    if (const auto* signal = std::get_if<agent::core::SignalAttempt>(&request)) key = signal->key;
    if (const auto* kill = std::get_if<agent::core::KillAttempt>(&request)) key = kill->key;
    const auto id = AttemptId::parse(key);
    if (!id || told_[machine].contains(id->allocation)) return;
    if (truth().damaged_journals.contains(machine)) return;
    // Its lease may be over: that is for 4 and 14 to judge.
    const core::GroupSpec* spec = truth().group(id->allocation);
    if (spec == nullptr || spec->is_exclusive() || timeout_is_over(*id)) return;
    if (unhealthy_.contains(*id)) return;  // rightly or not: that is for 24 to judge
    const bool ends_together = spec->on_task_failure == OnTaskFailure::stop_group;
    if (ends_together && failed_.contains(id->allocation)) return;
    broken("n" + std::to_string(machine) + " ends " + name(*id) + ", and nobody told it to",
           {name(id->allocation.instance), "n" + std::to_string(machine)});
  }

  // What agents write down of ends is for 13 to judge.
  void agent_stepped(std::uint32_t, const agent::core::Input&,
                     const agent::core::Output& output) override {
    for (const agent::core::JournalRecord& record : output.journal) {
      if (const auto* ended = std::get_if<agent::core::EndedRecord>(&record)) note(*ended);
      const auto* ending = std::get_if<agent::core::EndingRecord>(&record);
      if (ending != nullptr && ending->reason == EndReason::unhealthy) {
        unhealthy_.insert(ending->attempt);
      }
    }
  }

 private:
  void note(const agent::core::EndedRecord& ended) {
    if (ended.next) return;
    const TaskSpec* task = truth().task(ended.attempt);
    // A task of a template that is gone for now may have failed for all that is known.
    const bool has_succeeded = task != nullptr && agent::core::has_succeeded(*task, ended.end);
    if (!has_succeeded) failed_.insert(ended.attempt.allocation);
  }

  bool timeout_is_over(const AttemptId& id) const {
    const TaskSpec* task = truth().task(id);
    const auto real = truth().attempts.find(id);
    if (task == nullptr || !task->timeout || real == truth().attempts.end()) return false;
    if (real->second.starts > 1) return true;  // that is for 4 to judge
    // Clocks do not run alike.
    return now() - real->second.began >= task->timeout->count() * 99 / 100;
  }

  bool is_stop_wished(const AllocationId& id) const {
    const core::Allocation* copy = truth().records.present(id);
    if (copy == nullptr || copy->retirement != core::Retirement::none) return true;
    const auto record = truth().records.instances.find(id.instance);
    // A master that can write nothing passes the wish on all the same.
    return truth().read_only || record == truth().records.instances.end() ||
           record->second->stop_requested;
  }

  bool is_wanted(const AllocationId& id, std::uint32_t machine) const {
    const core::Allocation* present = truth().records.present(id);
    if (present == nullptr || present->id != id || core::is_terminal(*present)) return false;
    if (!present->node || !truth().records.instances.contains(id.instance)) return false;
    return truth().machine_of.at(*present->node) == machine;
  }

  void unjustified(const char* what, const AllocationId& id, std::uint32_t machine) {
    if (truth().is_excused(id.instance)) return;
    broken("n" + std::to_string(machine) + " is told to " + what + " " + name(id) +
               ", which is wanted",
           {name(id.instance), "n" + std::to_string(machine), "master"});
  }

  std::map<std::uint32_t, std::set<AllocationId>> told_;
  std::set<AttemptId> unhealthy_;  // as their agents have recorded
  std::set<AllocationId> failed_;  // with a task that is not begun again
};

}  // namespace

std::unique_ptr<Invariant> justified_ends(Watch watch) {
  return std::make_unique<JustifiedEnds>(watch);
}

}  // namespace drover::sim
