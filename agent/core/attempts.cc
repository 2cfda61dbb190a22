// What happens to one attempt: one function for each event, one case for each phase.
#include <utility>

#include "agent/core/machine.h"
#include "agent/core/process.h"
#include "common/check.h"
#include "common/planted_bug.h"

namespace drover::agent::core {

void Machine::request_spawn(const AttemptId& id, Attempt& attempt) {
  DROVER_CHECK(state_.supervisor, "only an attached supervisor can be asked");
  if (attempt.supervisor != *state_.supervisor) {
    const std::int64_t since = attempt.phase == Phase::pausing ? now_.steady_ms : 0;
    record(RequestedRecord{id, *state_.supervisor, since});
  }
  const AllocationSpecPtr& spec = state_.allocation(id.allocation)->spec;
  const bool fenced = spec->exclusive && !planted(PlantedBug::ignore_fence);
  if (fenced) tell_fence();
  request(SpawnAttempt{id, spec, fenced});
}

void Machine::began(const AttemptId& id, Attempt& attempt, const SupervisorStatus& status) {
  switch (attempt.phase) {
    case Phase::accepted:
    case Phase::pausing:  // the request for it was in a record that is missing
      record(RequestedRecord{id, state_.supervisor.value_or(kUnknownSupervisor)});
      [[fallthrough]];
    case Phase::spawning:
      attempt.phase = Phase::running;
      break;
    case Phase::terminating:
    case Phase::killing:
      if (attempt.started_unix_ms != 0) return;
      break;
    case Phase::running:
      return;
    case Phase::ended:  // its end was told already, so this process must not go on
      request(KillAttempt{status.key});
      return;
  }
  attempt.started_unix_ms = status.started_unix_ms;
  if (attempt.phase == Phase::running) {
    begin_timeout(id, attempt, status.started_steady_ms);
    begin_checks(id, attempt, status.started_steady_ms);
  }
  disturbed_.insert(id.allocation);
  output_.reports.push_back({id, attempt.started_unix_ms});
}

void Machine::ended(const AttemptId& id, Attempt& attempt, const SupervisorStatus& status) {
  if (attempt.phase == Phase::ended) return;
  attempt.started_unix_ms = status.started_unix_ms;
  finish(id, attempt, status.ended_unix_ms, *status.cause,
         {status.fenced, status.out_of_memory, status.output_dropped_bytes, status.signalled,
          status.started_steady_ms, status.used});
}

void Machine::stop(const AttemptId& id, Attempt& attempt, std::int64_t since_ms) {
  switch (attempt.phase) {
    case Phase::accepted:
    case Phase::pausing:
      finish(id, attempt, not_begun(*state_.allocation(id.allocation)));
      return;
    case Phase::spawning:
    case Phase::running:
      attempt.phase = Phase::terminating;
      state_.set_timeout_due(id, attempt, std::nullopt);
      end_checks(id, attempt);
      state_.set_kill_due(id, attempt, since_ms + task_of(id).grace().count());
      request(SignalAttempt{id.text(), task_of(id).stop_signal_number()});
      return;
    case Phase::terminating:
    case Phase::killing:
    case Phase::ended:
      return;
  }
}

void Machine::kill(const AttemptId& id, Attempt& attempt) {
  switch (attempt.phase) {
    case Phase::accepted:
    case Phase::pausing:
      finish(id, attempt, NeverStarted{});
      return;
    case Phase::spawning:
    case Phase::running:
    case Phase::terminating:
      attempt.phase = Phase::killing;
      state_.set_timeout_due(id, attempt, std::nullopt);
      end_checks(id, attempt);
      state_.set_kill_due(id, attempt, std::nullopt);
      request(KillAttempt{id.text()});
      return;
    case Phase::killing:
    case Phase::ended:
      return;
  }
}

void Machine::missing(const AttemptId& id, Attempt& attempt) {
  if (attempt.phase == Phase::ended || attempt.phase == Phase::pausing) return;
  const bool was_asked = attempt.phase != Phase::accepted;
  if (was_asked && attempt.supervisor == kUnknownSupervisor) {
    return lose(id, attempt, "the agent's journal was damaged");
  }
  if (was_asked && attempt.supervisor != *state_.supervisor) {
    if (planted(PlantedBug::spawn_again_under_new_supervisor)) return request_spawn(id, attempt);
    return lose(id, attempt, "the supervisor that ran it is gone");
  }
  if (attempt.started_unix_ms != 0 || attempt.ending) {
    return lose(id, attempt, "the supervisor that ran it no longer knows it");
  }
  // The request never reached this supervisor, and it starts a key once: no second process can
  // come of asking again.
  const Allocation& allocation = *state_.allocation(id.allocation);
  if (allocation.must_end()) return finish(id, attempt, not_begun(allocation));
  // Whether its time has come is seen when all is known of the others.
  if (!was_asked && !task_of(id).after.empty()) return;
  if (allocation.spec->exclusive && !has_lease()) return withhold(id, attempt);
  request_spawn(id, attempt);
}

void Machine::lose(const AttemptId& id, Attempt& attempt, std::string_view why) {
  if (attempt.phase == Phase::ended) return;
  note(true, "attempt lost", {{"attempt", id.text()}, {"cause", std::string(why)}});
  EndCause cause = Lost{std::string(why)};
  if (planted(PlantedBug::unknown_exit_is_success)) cause = Exited{0};
  finish(id, attempt, std::move(cause));
}

void Machine::finish(const AttemptId& id, Attempt& attempt, std::int64_t unix_ms, EndCause cause,
                     const EndFacts& facts) {
  end_checks(id, attempt);
  const Allocation& allocation = *state_.allocation(id.allocation);
  const EndReason reason = reason_of(id, attempt, cause, facts);
  const End end{unix_ms,
                std::move(cause),
                allocation.end_wished(),
                facts.fenced || allocation.fenced,
                reason,
                facts.output_dropped_bytes,
                facts.used};
  const auto next = next_after(id, end, facts.started_steady_ms);
  const std::int64_t started = attempt.started_unix_ms;
  const Task& task = allocation.tasks[id.task];
  const std::uint32_t first = task.first_attempt;
  record(EndedRecord{id, started, end, next});
  disturbed_.insert(id.allocation);
  if (next) note_restart(id, *next);
  for (std::uint32_t earlier = first; earlier < task.first_attempt; ++earlier) {
    drop({id.allocation, id.task, earlier});
  }
  if (planted(PlantedBug::drop_report)) return;
  output_.reports.push_back({id, started, end, next, std::nullopt});
}

// After a connection broke, nobody knows whether the last request arrived.
void Machine::repeat_wish(const AttemptId& id, Attempt& attempt) {
  const Allocation& allocation = *state_.allocation(id.allocation);
  if (attempt.phase == Phase::terminating) {
    request(SignalAttempt{id.text(), task_of(id).stop_signal_number()});
  } else if (attempt.phase == Phase::killing) {
    request(KillAttempt{id.text()});
  }
  if (allocation.remove_wished) {
    kill(id, attempt);
  } else if (allocation.must_end() || attempt.ending) {
    stop(id, attempt, now_.steady_ms);
  }
}

}  // namespace drover::agent::core
