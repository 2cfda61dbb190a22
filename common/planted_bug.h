// Bugs that the simulator plants on purpose, to show that it would find them. In every program but
// the simulator, planted() is a constant false and nothing is left of its uses.
#pragma once

#include <cstdint>

namespace drover {

// Each says what goes wrong. tests/sim/README.md says what catches it.
enum class PlantedBug : std::uint8_t {
  none,
  // --- The loss of nodes, in master/core
  trust_mass_loss,       // the master never suspects itself
  lose_any_rate,         // any number of nodes is given up within a minute
  give_up_at_once,       // a silent node is given up without waiting
  hurry_exclusive,       // an exclusive group is placed anew before its node must have ended it
  keep_superseded,       // a returning node may keep what another copy has replaced
  keep_both,             // an original takes over and its replacement is not removed
  reuse_generation,      // the next copy has the generation of the one before
  run_again_unasked,     // a group that is run once is run again
  run_again_after_stop,  // a stopped group that may run again is run again
  no_pause,              // a failing group is run again without a pause
  blame_nodes,           // a master that was frozen takes its nodes for silent
  forget_unknown,        // what was unknown stays so although its node is back
  skip_secret,           // whoever says that it is a node is believed
  keep_old_session,      // what an ended session still says counts
  forget_stop,           // that an instance is to be stopped is not recorded
  ignore_incarnation,    // a restarted machine is taken for one that has never been told
  change_terminal,       // a late report changes how a task has ended
  forget_to_reserve,     // what is placed takes no room
  forget_to_wake,        // what waits is not looked at when there is room again
  release_early,         // room is free when its copy is told to go, and not when it is gone
  half_a_gang,           // of a gang, what fits is placed
  hurry_rollout,         // what a copy replaces is ended before the copy has proved well
  lost_is_success,       // a task whose end nobody knows is taken for one that succeeded
  forget_newcomers,      // a system instance does not come to nodes that join or come back
  double_system,         // another version of a system instance begins beside the one before
  forget_run,            // what a schedule has run is not recorded
  ignore_overlap,        // no run is left out while the one before goes on
  // --- The order of things, in master/engine
  forget_schedules,      // a master that starts knows of no schedule
  forget_keys,           // a request that comes again is taken for a new one
  answer_before_commit,  // a client is answered before the disk has what it was told
  tell_before_commit,    // an agent is told before the disk has what it was told
  ignore_failed_commit,  // the disk refuses, and the master goes on
  // --- What agents hear and say, in master/agents
  drop_remove,          // an agent is never told to remove
  serve_after_restore,  // a master on an old copy of its data takes agents that have seen a newer
                        // one
  // --- The agent, in agent/core
  forget_epoch,                      // the highest epoch is not written down
  skip_epoch_check,                  // a superseded master is obeyed
  obey_stale_session,                // messages of another session are obeyed
  start_late,                        // a start is obeyed that was sent before the lease ran out
  obey_duplicate,                    // a message that has come before is obeyed again
  spawn_without_journal,             // a supervisor is asked, and the journal does not say so
  forget_exit,                       // an end is reported and not journalled
  spawn_again_under_new_supervisor,  // what an earlier supervisor was asked for is asked for again
  skip_sigkill,                      // the grace is over, and nothing is killed
  ignore_fence,                      // an exclusive allocation outlives the lease
  renew_fenced,                      // the renewed lease spares what was to be ended
  drop_report,                       // an end is journalled and not reported in that session
  forget_early,                      // an allocation is forgotten while processes are left
  hasty_checks,                      // one check that fails, or passes, is enough
  ignore_timeout,                    // an attempt goes on past its timeout
  forget_ending,                     // a timeout is acted upon, and the journal does not say so
  unknown_exit_is_success,           // what was lost is reported as exit code 0
  restart_without_pause,             // a task that ended is begun again at once
  restart_after_stop,                // what ended because it was to is begun again
  restart_unexecutable,              // what could not be executed is tried again
  forget_restarts,                   // an agent that starts knows of no restart before
  ignore_order,                      // a task begins before what it waits for
  spare_group,                       // the failure of a task does not end its group
};

#ifdef DROVER_SIMULATOR
// Set by the simulator, before anything runs. One at a time.
inline PlantedBug planted_bug = PlantedBug::none;
inline bool planted(PlantedBug bug) { return planted_bug == bug; }
#else
constexpr bool planted(PlantedBug) { return false; }
#endif

}  // namespace drover
