#include "master/core/step.h"

#include <utility>

#include "master/core/drain.h"
#include "master/core/dry_run.h"
#include "master/core/edit.h"
#include "master/core/instances.h"
#include "master/core/losses.h"
#include "master/core/nodes.h"
#include "master/core/placing.h"
#include "master/core/rollout.h"
#include "master/core/schedules.h"
#include "master/core/systems.h"
#include "master/core/task_requests.h"
#include "master/core/templates.h"

namespace drover::core {
namespace {

// One overload for each command; only clients wait for an answer.
struct Dispatch {
  Edit& edit;

  Reply operator()(const CreateTemplate& command) { return create_template(edit, command); }
  Reply operator()(const Deploy& command) { return deploy(edit, command); }
  Reply operator()(const DryRun& command) { return dry_run(edit, command); }
  Reply operator()(const PutTemplate& command) { return put_template(edit, command); }
  Reply operator()(const RemoveTemplate& command) { return remove_template(edit, command); }
  Reply operator()(const Stop& command) { return stop(edit, command); }
  Reply operator()(const ForgetInstance& command) { return forget(edit, command); }
  Reply operator()(const RestartTasks& command) { return restart_tasks(edit, command); }
  Reply operator()(const SignalTasks& command) { return signal_tasks(edit, command); }
  Reply operator()(const Update& command) { return update(edit, command); }
  Reply operator()(const Scale& command) { return scale(edit, command); }
  Reply operator()(const DrainNode& command) { return drain(edit, command); }
  Reply operator()(const ResumeNode& command) { return resume(edit, command); }
  Reply operator()(const RemoveNode& command) { return remove_node(edit, command); }
  Reply operator()(const ResumeReplacements&) { return resume_replacements(edit), Reply{}; }
  Reply operator()(const OpenSession& command) { return open_session(edit, command), Reply{}; }
  Reply operator()(const CloseSession& command) { return close_session(edit, command), Reply{}; }
  Reply operator()(const Heartbeat& command) { return heartbeat(edit, command), Reply{}; }
  Reply operator()(const ReportAttempts& command) {
    return report_attempts(edit, command), Reply{};
  }
  Reply operator()(const Tick&) { return tick(edit), Reply{}; }
  Reply operator()(const RunSchedule& command) { return run_schedule(edit, command), Reply{}; }
};

}  // namespace

bool Changes::empty() const {
  return templates.empty() && former_templates.empty() && instances.empty() &&
         allocations.empty() && nodes.empty() && dropped.empty() && dropped_versions.empty() &&
         dropped_nodes.empty() && used_keys.empty() && forgotten.empty() && finished.empty();
}

Outcome step(State& state, const Command& command, const Moment& now) {
  Outcome outcome;
  Edit edit(state, now, outcome);
  outcome.reply = std::visit(Dispatch{edit}, command);
  advance_touched(edit);
  end_emptied(edit);
  line_up_vacated(edit);
  // Whatever has made room has woken what fits it.
  place_waiting(edit);
  publish_cluster(edit);
  return outcome;
}

}  // namespace drover::core
