// 5: once a stop was acknowledged, the master tells nobody to start anything of the instance, and
// no agent that has been told to stop or remove an allocation starts it.
//
// What was on its way before the acknowledgement still arrives within a lease, and the stop right
// after it: that start is no violation, and is over within the bounds that 4 and 14 watch.
#include <map>

#include "agent/wire/convert.h"
#include "common/limits.h"
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class StopIsFinal final : public Invariant {
 public:
  explicit StopIsFinal(Watch watch) : Invariant(watch, 5) {}

  void told_agents(const std::vector<core::MessageToAgent>& messages, Index) override {
    for (const core::MessageToAgent& message : messages) {
      const auto* start = std::get_if<core::StartAllocation>(&message.content);
      if (start == nullptr) continue;
      const InstanceId& id = start->allocation->id.instance;
      if (!is_stopped(id)) continue;
      broken("the master starts " + name(start->allocation->id) + ", which is to be stopped",
             {name(id), "master"});
    }
  }

  // In the order in which it takes its messages: one turn may begin and end the same allocation.
  void agent_stepped(std::uint32_t machine, const agent::core::Input&,
                     const agent::core::Output& output) override {
    for (const agent::core::SupervisorRequest& request : output.requests) {
      const auto* spawn = std::get_if<agent::core::SpawnAttempt>(&request);
      if (spawn != nullptr) check(machine, spawn->id);
    }
    for (const agent::core::JournalRecord& record : output.journal) {
      if (const auto* wish = std::get_if<agent::core::WishRecord>(&record)) {
        ended_[machine].try_emplace(wish->allocation, now());
      } else if (const auto* accepted = std::get_if<agent::core::AcceptedRecord>(&record)) {
        // An exclusive one is not begun without a lease.
        if (!accepted->spec->exclusive) check_late(machine, accepted->spec->id);
      }
    }
  }

  // The stop is told once more to the one after it.
  void agent_failed(std::uint32_t machine) override {
    std::erase_if(ended_[machine], [this](const auto& wish) { return wish.second == now(); });
  }

 private:
  // A start that was on its way for longer than a lease is not taken.
  void check_late(std::uint32_t machine, const AllocationId& id) {
    if (!is_stopped(id.instance)) return;
    const std::chrono::milliseconds lease = limits::kLease;
    const Time stopped = *truth().instances.at(id.instance).stopped;
    if (stopped + lease.count() + 500 >= now()) return;
    broken("n" + std::to_string(machine) + " takes " + name(id) + ", which was stopped " +
               std::to_string((now() - stopped) / 1000) + " s ago",
           {name(id.instance), "n" + std::to_string(machine)});
  }

  void check(std::uint32_t machine, const AttemptId& id) {
    const InstanceId& instance = id.allocation.instance;
    if (truth().damaged_journals.contains(machine) || truth().is_excused(instance)) return;
    if (!ended_[machine].contains(id.allocation)) return;
    broken(name(id) + " is begun by an agent that was told to end it",
           {name(instance), "n" + std::to_string(machine)});
  }

  bool is_stopped(const InstanceId& id) const {
    const auto found = truth().instances.find(id);
    return found != truth().instances.end() && found->second.stopped && !truth().is_excused(id);
  }

  std::map<std::uint32_t, std::map<AllocationId, Time>> ended_;  // when it was told so
};

}  // namespace

std::unique_ptr<Invariant> stop_is_final(Watch watch) {
  return std::make_unique<StopIsFinal>(watch);
}

}  // namespace drover::sim
