#include "tests/sim/run/bugs.h"

namespace drover::sim {

const std::vector<Bug>& bugs() {
  static const std::vector<Bug> all{
      {PlantedBug::trust_mass_loss, "trust_mass_loss", 12},
      {PlantedBug::lose_any_rate, "lose_any_rate", 16},
      {PlantedBug::give_up_at_once, "give_up_at_once", 13},
      {PlantedBug::hurry_exclusive, "hurry_exclusive", 79},
      {PlantedBug::keep_superseded, "keep_superseded", 1},
      {PlantedBug::keep_both, "keep_both", 919},
      {PlantedBug::reuse_generation, "reuse_generation", 1},
      {PlantedBug::run_again_unasked, "run_again_unasked", 1},
      {PlantedBug::run_again_after_stop, "run_again_after_stop", 1},
      {PlantedBug::no_pause, "no_pause", 1},
      {PlantedBug::blame_nodes, "blame_nodes", 52},
      {PlantedBug::forget_unknown, "forget_unknown", 12},
      {PlantedBug::skip_secret, "skip_secret", 9},
      {PlantedBug::keep_old_session, "keep_old_session", 9},
      {PlantedBug::forget_stop, "forget_stop", 1},
      {PlantedBug::ignore_incarnation, "ignore_incarnation", 3},
      {PlantedBug::change_terminal, "change_terminal", 2},
      {PlantedBug::lost_is_success, "lost_is_success", 1},
      {PlantedBug::hurry_rollout, "hurry_rollout", 27},
      {PlantedBug::forget_to_reserve, "forget_to_reserve", 1},
      {PlantedBug::forget_to_wake, "forget_to_wake", 1},
      {PlantedBug::release_early, "release_early", 16},
      {PlantedBug::half_a_gang, "half_a_gang", 2},
      {PlantedBug::forget_newcomers, "forget_newcomers", 5},
      {PlantedBug::double_system, "double_system", 11},
      {PlantedBug::forget_run, "forget_run", 1},
      {PlantedBug::ignore_overlap, "ignore_overlap", 8},
      {PlantedBug::forget_schedules, "forget_schedules", 3},
      {PlantedBug::forget_keys, "forget_keys", 1},
      {PlantedBug::answer_before_commit, "answer_before_commit", 1},
      {PlantedBug::tell_before_commit, "tell_before_commit", 1},
      {PlantedBug::ignore_failed_commit, "ignore_failed_commit", 7},
      {PlantedBug::drop_remove, "drop_remove", 1},
      {PlantedBug::serve_after_restore, "serve_after_restore", 15},
      {PlantedBug::forget_epoch, "forget_epoch", 1},
      {PlantedBug::skip_epoch_check, "skip_epoch_check", 3},
      {PlantedBug::obey_stale_session, "obey_stale_session", 233},
      {PlantedBug::obey_duplicate, "obey_duplicate", 4},
      {PlantedBug::spawn_without_journal, "spawn_without_journal", 1},
      {PlantedBug::start_late, "start_late", 47},
      {PlantedBug::forget_exit, "forget_exit", 4},
      {PlantedBug::spawn_again_under_new_supervisor, "spawn_again_under_new_supervisor", 1},
      {PlantedBug::skip_sigkill, "skip_sigkill", 1},
      {PlantedBug::ignore_fence, "ignore_fence", 2},
      {PlantedBug::renew_fenced, "renew_fenced", 80},
      {PlantedBug::drop_report, "drop_report", 1},
      {PlantedBug::forget_early, "forget_early", 1},
      {PlantedBug::hasty_checks, "hasty_checks", 2},
      {PlantedBug::ignore_timeout, "ignore_timeout", 1},
      {PlantedBug::forget_ending, "forget_ending", 1},
      {PlantedBug::unknown_exit_is_success, "unknown_exit_is_success", 1},
      {PlantedBug::restart_without_pause, "restart_without_pause", 1},
      {PlantedBug::restart_after_stop, "restart_after_stop", 1},
      {PlantedBug::restart_unexecutable, "restart_unexecutable", 2},
      {PlantedBug::forget_restarts, "forget_restarts", 14},
      {PlantedBug::ignore_order, "ignore_order", 1},
      {PlantedBug::spare_group, "spare_group", 3},
  };
  return all;
}

PlantedBug bug_named(const std::string& name) {
  for (const Bug& bug : bugs()) {
    if (name == bug.name) return bug.bug;
  }
  return PlantedBug::none;
}

}  // namespace drover::sim
