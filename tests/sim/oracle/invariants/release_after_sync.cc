// 15: after a failed or refused write nothing is acknowledged; and before a write is durable nobody
// hears of it.
#include <algorithm>

#include "agent/wire/convert.h"
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class ReleaseAfterSync final : public Invariant {
 public:
  explicit ReleaseAfterSync(Watch watch) : Invariant(watch, 15) {}

  void master_starts(const MasterStart& start) override { synced_ = start.loaded.last_index; }
  void synced(Index index) override { synced_ = index; }
  void answered(Index last_index) override { check(last_index, "a client"); }
  void deployed(const InstanceId& id) override {
    const Records& records = truth().records;
    if (records.instances.contains(id) || records.history.contains(id)) return;
    // One that was made under this key, and whose record was damaged since.
    if (truth().is_excused(id)) return;
    broken("the deploy of " + name(id) + " is acknowledged and not on disk", {name(id), "master"});
  }

  void stopped(const InstanceId& id) override {
    const auto record = truth().records.instances.find(id);
    if (record == truth().records.instances.end() || record->second->stop_requested) return;
    broken("the stop of " + name(id) + " is acknowledged and not on disk", {name(id), "master"});
  }

  // Whom an agent is told to start, the disk knows.
  void sent_to_agent(std::uint32_t machine, const v1::MasterMessage& message) override {
    for (const agent::core::Command& command : agent::wire::commands(message).input.commands) {
      const auto* start = std::get_if<agent::core::StartAllocation>(&command);
      if (start == nullptr) continue;
      const AllocationId& id = start->spec->id;
      const core::Allocation* present = truth().records.present(id);
      // It may have ended or been replaced while the message waited, or its slot may have gone.
      const bool was_known =
          truth().records.history.contains(id.instance) ||
          (present == nullptr ? truth().records.roles.contains({id.instance, id.slot})
                              : knows(*present, id.generation));
      if (was_known || truth().is_excused(id.instance)) continue;
      broken("n" + std::to_string(machine) + " is told to start " + name(id) +
                 ", which is not on disk; there is " +
                 (present == nullptr ? "nothing" : name(present->id)),
             {name(id.instance), "n" + std::to_string(machine), "master"});
    }
  }

 private:
  // It is that copy, or a later one, or one that has come back in that copy's place.
  static bool knows(const core::Allocation& present, std::uint32_t generation) {
    return present.id.generation >= generation ||
           std::any_of(
               present.former.begin(), present.former.end(),
               [generation](const auto& former) { return former.generation == generation; });
  }

  void check(Index said, const char* whom) {
    if (said <= synced_) return;
    broken(std::string(whom) + " hears of batch " + std::to_string(said.value) + ", synced is " +
               std::to_string(synced_.value),
           {"master"});
  }

  Index synced_;
};

}  // namespace

std::unique_ptr<Invariant> release_after_sync(Watch watch) {
  return std::make_unique<ReleaseAfterSync>(watch);
}

}  // namespace drover::sim
