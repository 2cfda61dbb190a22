#include "tests/sim/oracle/invariants.h"

namespace drover::sim {

std::vector<std::unique_ptr<Invariant>> all_invariants(Watch watch) {
  std::vector<std::unique_ptr<Invariant>> all;
  for (const auto make :
       {durability,    release_after_sync, one_effect,        single_copy,  stop_is_final,
        highest_epoch, justified_ends,     nothing_forgotten, reservations, node_losses,
        backoff,       restarts,           legal_states,      true_ends,    timeouts,
        order,         rollouts,           schedules,         health,       systems}) {
    all.push_back(make(watch));
  }
  return all;
}

}  // namespace drover::sim
