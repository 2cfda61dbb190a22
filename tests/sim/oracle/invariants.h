// All invariants, one file each in invariants/. The numbers are those of README.md.
#pragma once

#include <memory>
#include <vector>

#include "tests/sim/oracle/invariant.h"

namespace drover::sim {

std::unique_ptr<Invariant> durability(Watch watch);          // 1, 2
std::unique_ptr<Invariant> release_after_sync(Watch watch);  // 2, 15
std::unique_ptr<Invariant> one_effect(Watch watch);          // 3
std::unique_ptr<Invariant> single_copy(Watch watch);         // 4
std::unique_ptr<Invariant> stop_is_final(Watch watch);       // 5
std::unique_ptr<Invariant> highest_epoch(Watch watch);       // 6
std::unique_ptr<Invariant> justified_ends(Watch watch);      // 7
std::unique_ptr<Invariant> nothing_forgotten(Watch watch);   // 8
std::unique_ptr<Invariant> reservations(Watch watch);        // 10
std::unique_ptr<Invariant> node_losses(Watch watch);         // 11
std::unique_ptr<Invariant> backoff(Watch watch);             // 16
std::unique_ptr<Invariant> restarts(Watch watch);            // 16
std::unique_ptr<Invariant> legal_states(Watch watch);        // 12
std::unique_ptr<Invariant> true_ends(Watch watch);           // 13
std::unique_ptr<Invariant> timeouts(Watch watch);            // 20
std::unique_ptr<Invariant> order(Watch watch);               // 21
std::unique_ptr<Invariant> rollouts(Watch watch);            // 22
std::unique_ptr<Invariant> schedules(Watch watch);           // 23
std::unique_ptr<Invariant> health(Watch watch);              // 24
std::unique_ptr<Invariant> systems(Watch watch);             // 25

std::vector<std::unique_ptr<Invariant>> all_invariants(Watch watch);

}  // namespace drover::sim
