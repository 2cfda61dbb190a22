// How one task of a copy stands, by what is said of its attempts. Pure.
#pragma once

#include "common/task_spec.h"
#include "master/core/command.h"
#include "master/core/records.h"

namespace drover::core {

// Takes a report of the task's node into account. `stop_wished`: its instance is to stop. Returns
// whether it told something new.
bool apply_report(TaskStatus& task, const AttemptReport& report, bool stop_wished,
                  const TaskSpec& spec);

// From the silence of its node back to what was known before. Returns whether it was unknown.
bool recover(TaskStatus& task);

// Ends it where it has not. What waits to be begun again counts as the attempt that was to follow,
// as it may have been begun unheard.
void end_task(TaskStatus& task, TaskState state, const TaskEnd& end, UnixMs now);

}  // namespace drover::core
