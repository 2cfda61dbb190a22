// 1: what was acknowledged survives any crash. 2: what is recovered is the order in which it was
// accepted, up to some point that is not before the last acknowledgement.
#include <set>

#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class Durability final : public Invariant {
 public:
  explicit Durability(Watch watch) : Invariant(watch, 1) {}

  void written(Index index) override { written_ = index; }
  void synced(Index index) override { synced_ = index; }
  void restored() override {
    synced_ = written_ = Index{};
    restored_ = true;
  }

  void master_starts(const MasterStart& start) override {
    const Index found = start.loaded.last_index;
    const bool too_new = !restored_ && found > written_;
    if (found < synced_ || too_new) {
      broken("the master starts with batch " + std::to_string(found.value) + ", synced was " +
                 std::to_string(synced_.value) + ", written " + std::to_string(written_.value),
             {"master"});
    }
    if (start.epoch <= epoch_ && !restored_) {
      broken("epoch " + std::to_string(start.epoch.value) + " begins again", {"master"});
    }
    epoch_ = start.epoch;
    synced_ = written_ = found;
    restored_ = false;
    check_records(start);
  }

 private:
  void check_records(const MasterStart& start) {
    const store::Loaded& loaded = start.loaded;
    std::set<std::string> templates;
    for (const auto& record : loaded.records.templates) templates.insert(record->spec.name);
    std::set<InstanceId> hot;
    std::set<InstanceId> stopping;
    for (const auto& record : loaded.records.instances) {
      hot.insert(record->id);
      if (record->stop_requested) stopping.insert(record->id);
    }
    for (const auto& [name, spec] : truth().templates) {
      if (loaded.set_aside.empty() && !templates.contains(name)) {
        broken("template " + name + " was acknowledged and is gone", {"master"});
      }
    }
    for (const auto& [id, record] : truth().instances) {
      if (truth().is_excused(id)) continue;
      const bool ended = start.is_history(id);
      if (!ended && !hot.contains(id)) {
        broken("deploy of " + name(id) + " was acknowledged and is gone", {name(id), "master"});
      }
      if (!ended && record.stopped && !stopping.contains(id)) {
        broken("stop of " + name(id) + " was acknowledged and is gone", {name(id), "master"});
      }
    }
  }

  Index written_;
  Index synced_;
  Epoch epoch_;
  bool restored_ = false;
};

}  // namespace

std::unique_ptr<Invariant> durability(Watch watch) { return std::make_unique<Durability>(watch); }

}  // namespace drover::sim
