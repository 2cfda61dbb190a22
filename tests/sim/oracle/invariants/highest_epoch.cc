// 6: an agent obeys nobody of an epoch below the highest that it has obeyed, across its own
// restarts.
#include <algorithm>
#include <map>

#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

bool obeys(const agent::core::Output& output) {
  return std::any_of(output.journal.begin(), output.journal.end(), [](const auto& record) {
    return std::holds_alternative<agent::core::AcceptedRecord>(record) ||
           std::holds_alternative<agent::core::WishRecord>(record);
  });
}

class HighestEpoch final : public Invariant {
 public:
  explicit HighestEpoch(Watch watch) : Invariant(watch, 6) {}

  void agent_starts(std::uint32_t machine, const agent::core::Recovered& recovered) override {
    if (recovered.highest_epoch >= highest_[machine]) return;
    broken("n" + std::to_string(machine) + " has forgotten epoch " +
               std::to_string(highest_[machine].value),
           {"n" + std::to_string(machine)});
  }

  void agent_stepped(std::uint32_t machine, const agent::core::Input& input,
                     const agent::core::Output& output) override {
    if (const auto* opened = std::get_if<agent::core::SessionOpened>(&input)) {
      if (opened->session.value < kSupersededSessions) check_welcome(machine, opened->epoch);
      return;
    }
    const auto* commands = std::get_if<agent::core::MasterCommands>(&input);
    if (commands == nullptr || !obeys(output)) return;
    if (commands->epoch < highest_[machine]) {
      broken("n" + std::to_string(machine) + " obeys epoch " +
                 std::to_string(commands->epoch.value) + " after " +
                 std::to_string(highest_[machine].value),
             {"n" + std::to_string(machine), "master"});
    }
    // Not yet: it may fail to write it down, and then obeys nothing.
    pending_[machine] = std::max(pending_[machine], commands->epoch);
  }

  // What it asks of others comes after the epoch is on its disk.
  void agent_asks(std::uint32_t machine, const agent::core::SupervisorRequest&) override {
    highest_[machine] = std::max(highest_[machine], pending_[machine]);
  }

 private:
  // Its own master turns such an agent away.
  void check_welcome(std::uint32_t machine, Epoch epoch) {
    if (epoch >= highest_[machine]) return;
    broken("a master of epoch " + std::to_string(epoch.value) + " serves n" +
               std::to_string(machine) + ", which has obeyed " +
               std::to_string(highest_[machine].value),
           {"n" + std::to_string(machine), "master"});
  }

  std::map<std::uint32_t, Epoch> highest_;
  std::map<std::uint32_t, Epoch> pending_;
};

}  // namespace

std::unique_ptr<Invariant> highest_epoch(Watch watch) {
  return std::make_unique<HighestEpoch>(watch);
}

}  // namespace drover::sim
