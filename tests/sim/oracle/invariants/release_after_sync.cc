// 15: after a failed or refused write nothing is acknowledged; and before a write is durable nobody
// hears of it.
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class ReleaseAfterSync final : public Invariant {
 public:
  explicit ReleaseAfterSync(Watch watch) : Invariant(watch, 15) {}

  void master_starts(const MasterStart& start) override { synced_ = start.loaded.last_index; }
  void synced(Index index) override { synced_ = index; }
  void answered(Index last_index) override { check(last_index, "a client"); }
  void sent_to_agent(std::uint32_t, const v1::MasterMessage&) override {}

 private:
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
