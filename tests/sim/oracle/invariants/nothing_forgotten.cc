// 8: an agent forgets nothing that still has a process.
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

class NothingForgotten final : public Invariant {
 public:
  explicit NothingForgotten(Watch watch) : Invariant(watch, 8) {}

  void agent_stepped(std::uint32_t machine, const agent::core::Input&,
                     const agent::core::Output& output) override {
    for (const agent::core::JournalRecord& record : output.journal) {
      const auto* forgotten = std::get_if<agent::core::ForgottenRecord>(&record);
      if (forgotten != nullptr) check(machine, forgotten->allocation);
    }
  }

 private:
  void check(std::uint32_t machine, const AllocationId& id) {
    if (truth().damaged_journals.contains(machine) || truth().is_excused(id.instance)) return;
    for (auto attempt = truth().attempts.lower_bound({id, 0, 0});
         attempt != truth().attempts.end() && attempt->first.allocation == id; ++attempt) {
      const RealAttempt& real = attempt->second;
      if (real.machine != machine || real.starts == 0 || real.ended) continue;
      broken("n" + std::to_string(machine) + " forgets " + name(attempt->first) +
                 ", whose process is there",
             {name(id.instance), "n" + std::to_string(machine)});
    }
  }
};

}  // namespace

std::unique_ptr<Invariant> nothing_forgotten(Watch watch) {
  return std::make_unique<NothingForgotten>(watch);
}

}  // namespace drover::sim
