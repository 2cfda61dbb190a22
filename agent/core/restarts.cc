// The attempts after the first: whether another one follows one that has ended, and when it is
// begun. That it follows is recorded together with the end, so that neither the pause nor the count
// is lost with the agent.
#include <algorithm>

#include "agent/core/machine.h"
#include "common/backoff.h"
#include "common/check.h"
#include "common/limits.h"
#include "common/planted_bug.h"

namespace drover::agent::core {
namespace {

// Of what can be run and has been. A lost attempt may have left processes, and what could not be
// executed will not be the next time.
bool has_run(const EndCause& cause) {
  if (std::holds_alternative<SpawnFailed>(cause)) return planted(PlantedBug::restart_unexecutable);
  return std::holds_alternative<Exited>(cause) || std::holds_alternative<Signalled>(cause);
}

// Differs between any two attempts.
std::uint64_t bits_of(const AttemptId& id) {
  return std::hash<AllocationId>()(id.allocation) ^ (std::uint64_t{id.task} << 32) ^ id.attempt;
}

}  // namespace

bool Machine::is_followed(const AttemptId& id, const End& end) const {
  const Allocation& allocation = *state_.allocation(id.allocation);
  const bool must_end = allocation.must_end() || end.fenced;
  if (must_end && !planted(PlantedBug::restart_after_stop)) return false;
  if (allocation.no_restarts || !has_run(end.cause)) return false;
  if (end.reason == EndReason::restart) return true;
  const TaskSpec& task = task_of(id);
  switch (task.restart_policy()) {
    case RestartPolicy::never:
      return false;
    case RestartPolicy::on_failure:
      return !has_succeeded(task, end);
    case RestartPolicy::always:
      return true;
  }
  check_failed(__FILE__, __LINE__, "RestartPolicy", "not one of its values");
}

std::optional<NextAttempt> Machine::next_after(const AttemptId& id, const End& end,
                                               std::int64_t started_steady_ms) const {
  if (!is_followed(id, end)) return std::nullopt;
  // Not for its own doing: neither paused for nor counted.
  if (end.reason == EndReason::restart) return NextAttempt{now_.steady_ms, now_.unix_ms, 0};
  const RestartSpec& spec = *task_of(id).restart;
  const Attempt* before = state_.attempt({id.allocation, id.task, id.attempt - 1});
  std::uint32_t in_a_row = before != nullptr && before->next ? before->next->in_a_row : 0;
  const std::chrono::milliseconds lasting = limits::kBackoffForgets;
  const bool has_lasted =
      started_steady_ms != 0 && now_.steady_ms - started_steady_ms >= lasting.count();
  if (has_lasted) in_a_row = 0;
  std::int64_t pause = spread(spec.pause(in_a_row), bits_of(id)).count();
  if (planted(PlantedBug::restart_without_pause)) pause = 0;
  const std::int64_t due = now_.steady_ms + pause;
  const std::vector<std::int64_t>& restarts =
      state_.allocation(id.allocation)->tasks[id.task].restarts;
  const auto counted = std::count_if(restarts.begin(), restarts.end(), [&](std::int64_t each) {
    return each > due - spec.window().count();
  });
  if (counted >= spec.most()) return std::nullopt;
  return NextAttempt{due, now_.unix_ms + pause, in_a_row + 1};
}

void Machine::note_restart(const AttemptId& ended, const NextAttempt& next) {
  note(false, "task is begun again",
       {{"attempt", AttemptId{ended.allocation, ended.task, ended.attempt + 1}.text()},
        {"in_ms", std::to_string(next.steady_ms - now_.steady_ms)}});
}

void Machine::look_at_restarts() {
  while (state_.can_restart() && !state_.restarts_due.empty() &&
         state_.restarts_due.begin()->first <= now_.steady_ms) {
    const AttemptId id = state_.restarts_due.begin()->second;
    begin_later(id, *state_.attempt(id));
  }
}

// What is not begun with its allocation needs the lease once more. False: it was withheld.
bool Machine::begin_later(const AttemptId& id, Attempt& attempt) {
  const bool withheld = state_.allocation(id.allocation)->spec->exclusive && !has_lease();
  withheld ? withhold(id, attempt) : request_spawn(id, attempt);
  return !withheld;
}

// It is one of too many that have ended.
void Machine::drop(const AttemptId& earlier) {
  request(ForgetAttempt{earlier.text()});
  output_.dropped.push_back(earlier);
}

// The journal may hide that a task has been begun again, or how often.
void Machine::forbid_restarts(const Allocation& allocation) {
  const auto& tasks = allocation.spec->tasks;
  const bool may_restart = std::any_of(tasks.begin(), tasks.end(), [](const TaskSpec& task) {
    return task.restart_policy() != RestartPolicy::never;
  });
  if (may_restart && !allocation.no_restarts) record(NoRestartsRecord{allocation.spec->id});
}

}  // namespace drover::agent::core
