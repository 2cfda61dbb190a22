#include "master/core/schedules.h"

#include <chrono>
#include <utility>

#include "common/limits.h"
#include "common/planted_bug.h"
#include "master/core/instances.h"
#include "master/core/parameters.h"
#include "master/core/templates.h"

namespace drover::core {
namespace {

bool has_live_instance(const State& state, const std::string& template_name) {
  const auto first = state.scheduled.lower_bound({template_name, InstanceId{}});
  return first != state.scheduled.end() && first->first == template_name;
}

}  // namespace

bool is_ahead_of(UnixMs last_run, UnixMs now) {
  const std::chrono::milliseconds error = limits::kClockError;
  return last_run - now > error.count();
}

void run_schedule(Edit& edit, const RunSchedule& command) {
  const Ptr<Template> from = find_template(edit.state(), command.template_name);
  if (!from || !from->spec.schedule) return;
  if (command.due <= from->last_run) return;
  Template run = *from;
  run.last_run = command.due;
  if (!planted(PlantedBug::forget_run)) edit.put(std::move(run));
  if (from->spec.schedule->skips_overlap() && !planted(PlantedBug::ignore_overlap) &&
      has_live_instance(edit.state(), command.template_name)) {
    return;
  }
  make_instance(edit, command.id, from, with_defaults(from->spec, {}), command.due);
}

}  // namespace drover::core
