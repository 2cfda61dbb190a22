// 1: what was acknowledged survives any crash. 2: what is recovered is the order in which it was
// accepted, up to some point that is not before the last acknowledgement.
#include <set>

#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class Durability final : public Invariant {
 public:
  explicit Durability(Watch watch) : Invariant(watch, 1) {}

  void written(const core::Changes& changes, Index index) override {
    last_written_ = index;
    for (const auto& ended : changes.finished) history_.insert(ended.instance->id);
  }
  void synced(Index index) override { last_synced_ = std::max(last_synced_, index); }

  void restored() override { last_synced_ = last_written_ = Index{}; }

  void master_starts(const store::Loaded& loaded, Epoch epoch) override {
    if (loaded.last_index < last_synced_ ||
        (last_written_.value > 0 && loaded.last_index > last_written_)) {
      broken("the master starts with batch " + std::to_string(loaded.last_index.value) +
                 ", synced was " + std::to_string(last_synced_.value) + ", written " +
                 std::to_string(last_written_.value),
             {"master"});
    }
    if (epoch <= last_epoch_) {
      broken("epoch " + std::to_string(epoch.value) + " begins again", {"master"});
    }
    last_epoch_ = epoch;
    last_synced_ = last_written_ = loaded.last_index;
    check_records(loaded);
  }

 private:
  void check_records(const store::Loaded& loaded) {
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
      if (truth().excused.contains(id)) continue;
      const bool ended = history_.contains(id);
      if (!ended && !hot.contains(id)) {
        broken("deploy of " + name(id) + " was acknowledged and is gone", {name(id), "master"});
      }
      if (!ended && record.stopped && !stopping.contains(id)) {
        broken("stop of " + name(id) + " was acknowledged and is gone", {name(id), "master"});
      }
    }
  }

  Index last_written_;
  Index last_synced_;
  Epoch last_epoch_;
  std::set<InstanceId> history_;
};

}  // namespace

std::unique_ptr<Invariant> durability(Watch watch) { return std::make_unique<Durability>(watch); }

}  // namespace drover::sim
