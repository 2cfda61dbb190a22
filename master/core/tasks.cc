#include "master/core/tasks.h"

#include <utility>

#include "common/check.h"
#include "common/limits.h"
#include "common/planted_bug.h"

namespace drover::core {
namespace {

// What ended because its node made it end has not done what it should, whatever it exited with.
bool is_success(const TaskEnd& end, const TaskSpec& task) {
  return task.is_success(end.code) && end.reason != EndReason::timeout &&
         end.reason != EndReason::unhealthy && end.reason != EndReason::out_of_memory &&
         end.reason != EndReason::group && end.reason != EndReason::restart;
}

// What was to begin after something else of its copy, and did not, has not done what it should: be
// it a restart, or that another task failed, or that the lease was over when its time had come.
bool is_failure(const AttemptReport& unbegun, const TaskSpec& task) {
  return unbegun.id.attempt > 1 || unbegun.end.reason == EndReason::group ||
         (unbegun.end.fenced && !task.after.empty());
}

TaskState state_after(const AttemptReport& report, bool stop_wished, const TaskSpec& task) {
  // A stop that nobody wished, or a fence, is no stop of the instance. What is to be stopped, and
  // was ended by its node first, has not failed.
  const bool stopped = (report.stopped || report.end.fenced) && stop_wished;
  switch (report.end.kind) {
    case EndKind::none:
      return TaskState::running;
    case EndKind::lost:
      return planted(PlantedBug::lost_is_success) ? TaskState::succeeded : TaskState::lost;
    case EndKind::never_started:
      return is_failure(report, task) && !stop_wished ? TaskState::failed : TaskState::stopped;
    case EndKind::exited:
      if (stopped) return TaskState::stopped;
      return is_success(report.end, task) ? TaskState::succeeded : TaskState::failed;
    case EndKind::signaled:
      return stopped ? TaskState::stopped : TaskState::failed;
    case EndKind::spawn_failed:
      return TaskState::failed;
  }
  check_failed(__FILE__, __LINE__, "EndKind", "not one of its values");
}

// The present attempt is not the present one any more.
void remember_attempt(TaskStatus& task) {
  if (task.end.kind == EndKind::none) return;  // nobody knows how it ended
  task.previous.push_back({task.attempt, task.started_at, task.ended_at, std::move(task.end)});
  if (task.previous.size() > limits::kAttemptsKept) task.previous.erase(task.previous.begin());
  task.end = {};
}

// Its node may not have judged it again since it has begun anew; until then what was known counts.
TaskHealth health_after(const TaskStatus& task, const AttemptReport& report) {
  if (report.end.kind != EndKind::none) return {};
  if (report.health) return *report.health;
  return report.id.attempt == task.attempt ? task.health : TaskHealth();
}

// An end that is known never changes, and an earlier attempt says nothing about a later one.
bool is_known_already(const TaskStatus& task, const AttemptReport& report) {
  return report.id.attempt < task.attempt ||
         (report.id.attempt == task.attempt && task.state == TaskState::restarting);
}

// A node that lost power, or records, may be back before what it has said.
bool has_forgotten(const TaskStatus& task, const AttemptReport& report) {
  return !is_terminal(task.state) && report.end.kind != EndKind::none && !report.next_start;
}

}  // namespace

bool apply_report(TaskStatus& task, const AttemptReport& report, bool stop_wished,
                  const TaskSpec& spec) {
  if (is_terminal(task.state) && !planted(PlantedBug::change_terminal)) return false;
  if (is_known_already(task, report)) {
    if (!has_forgotten(task, report)) return false;
    const TaskEnd end{EndKind::lost, 0, "its node does not know of a later attempt any more"};
    end_task(task, TaskState::lost, end, report.ended_at);
    return true;
  }
  TaskStatus after = task;
  after.health = health_after(task, report);
  if (report.id.attempt != task.attempt) remember_attempt(after);
  after.state = report.next_start ? TaskState::restarting : state_after(report, stop_wished, spec);
  after.attempt = report.id.attempt;
  after.started_at = report.started_at;
  after.ended_at = report.ended_at;
  after.end = report.end;
  after.next_start = report.next_start.value_or(0);
  const bool is_done = after.state != TaskState::running || after.attempt != after.restart_wished;
  if (is_done) after.restart_wished = 0;
  if (after == task) return false;
  task = std::move(after);
  return true;
}

bool recover(TaskStatus& task) {
  if (task.state != TaskState::unknown || planted(PlantedBug::forget_unknown)) return false;
  if (task.end.kind != EndKind::none) {
    task.state = TaskState::restarting;
  } else {
    task.state = task.attempt > 0 ? TaskState::running : TaskState::waiting;
  }
  return true;
}

void end_task(TaskStatus& task, TaskState state, const TaskEnd& end, UnixMs now) {
  if (is_terminal(task.state)) return;
  if (task.end.kind != EndKind::none) {
    remember_attempt(task);
    ++task.attempt;
    task.started_at = 0;
  }
  task.state = state;
  task.health = {};
  task.end = end;
  task.ended_at = now;
  task.next_start = 0;
  task.restart_wished = 0;
}

}  // namespace drover::core
