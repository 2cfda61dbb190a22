// An attempt lives no longer than its timeout and its grace, where its agent and its supervisor
// were there all the time.
#include "tests/sim/oracle/invariants.h"

namespace drover::sim {
namespace {

// For the agent to turn, the signals to arrive, and clocks that do not run alike.
constexpr Time kSlack = 3'000;

class Timeouts final : public Invariant {
 public:
  explicit Timeouts(Watch watch) : Invariant(watch, 20) {}

  void process_ended(const ProcessEnded& fact) override {
    const TaskSpec* task = truth().task(fact.id);
    const auto real = truth().attempts.find(fact.id);
    if (task == nullptr || !task->timeout || real == truth().attempts.end()) return;
    if (real->second.starts > 1 || truth().is_excused(fact.id.allocation.instance)) return;
    const Time allowed = (task->timeout->count() + task->grace().count()) * 101 / 100 + kSlack;
    const Time lived = now() - real->second.began;
    if (lived <= allowed || !was_watched(fact.machine, real->second.began)) return;
    broken(name(fact.id) + " has lived for " + std::to_string(lived) +
               " ms, which is longer than " + std::to_string(allowed),
           {name(fact.id.allocation.instance), "n" + std::to_string(fact.machine)});
  }

 private:
  bool was_watched(std::uint32_t machine, Time since) const {
    const auto node = truth().nodes.find(machine);
    if (node == truth().nodes.end()) return true;
    using enum Trouble;
    const auto calm = node->second.free_of(
        {no_agent, frozen, no_supervisor, supervisor_frozen, disk, off, replaced});
    return calm && *calm <= since;
  }
};

}  // namespace

std::unique_ptr<Invariant> timeouts(Watch watch) { return std::make_unique<Timeouts>(watch); }

}  // namespace drover::sim
