// 5: once a stop was acknowledged, the master tells nobody to start anything of the instance, and
// no agent that has been told to stop or remove an allocation starts it.
//
// What was on its way before the acknowledgement still arrives, and the stop right after it: that
// start is not a violation, and is over within the bounds that 4 and 14 watch.
#include <map>
#include <set>

#include "agent/wire/convert.h"
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

  void agent_stepped(std::uint32_t machine, const agent::core::Input& input,
                     const agent::core::Output& output) override {
    static_cast<void>(input);
    for (const agent::core::JournalRecord& record : output.journal) {
      if (const auto* wish = std::get_if<agent::core::WishRecord>(&record)) {
        ended_[machine].insert(wish->allocation);
      }
    }
  }

  void process_began(const ProcessBegan& fact) override {
    const AllocationId& id = fact.id.allocation;
    const Subjects subjects{name(id.instance), "n" + std::to_string(fact.machine)};
    if (ended_[fact.machine].contains(id) && !truth().damaged_journals.contains(fact.machine)) {
      broken(name(fact.id) + " begins although its agent was told to end it", subjects);
    }
  }

 private:
  bool is_stopped(const InstanceId& id) const {
    const auto found = truth().instances.find(id);
    return found != truth().instances.end() && found->second.stopped &&
           !truth().excused.contains(id);
  }

  std::map<std::uint32_t, std::set<AllocationId>> ended_;
};

}  // namespace

std::unique_ptr<Invariant> stop_is_final(Watch watch) {
  return std::make_unique<StopIsFinal>(watch);
}

}  // namespace drover::sim
