// What the agent ends of its own accord, beside the lease: attempts that have run for as long as
// they may. Why it does so is recorded first, so that the end is put down to it whatever dies
// meanwhile.
#include "agent/core/machine.h"
#include "common/planted_bug.h"

namespace drover::agent::core {

// Counted from when the process began, by the clock that the supervisor shares with every agent of
// this boot: an agent that was away for a while has lost nothing of it.
void Machine::begin_timeout(const AttemptId& id, Attempt& attempt, std::int64_t started_steady_ms) {
  const auto& timeout = task_of(id).timeout;
  if (!timeout || planted(PlantedBug::ignore_timeout)) return;
  const std::int64_t started = started_steady_ms != 0 ? started_steady_ms : now_.steady_ms;
  state_.set_timeout_due(id, attempt, started + timeout->count());
}

void Machine::look_at_timeouts() {
  while (!state_.timeouts_due.empty() && state_.timeouts_due.begin()->first <= now_.steady_ms) {
    const AttemptId id = state_.timeouts_due.begin()->second;
    Attempt& attempt = *state_.attempt(id);
    state_.set_timeout_due(id, attempt, std::nullopt);
    note(false, "timeout is over", {{"attempt", id.text()}});
    end_for(id, attempt, EndReason::timeout);
  }
}

void Machine::end_for(const AttemptId& id, Attempt& attempt, EndReason reason) {
  if (attempt.phase != Phase::running) return;
  record(EndingRecord{id, reason});
  stop(id, attempt, now_.steady_ms);
}

EndReason Machine::reason_of(const AttemptId& id, const Attempt& attempt, const EndCause& cause,
                             const EndFacts& facts) const {
  const Allocation& allocation = *state_.allocation(id.allocation);
  if (std::holds_alternative<Lost>(cause)) return EndReason::itself;  // nobody knows
  // What ended just before was not ended by us.
  if (attempt.ending && facts.signalled) return *attempt.ending;
  if (facts.fenced || allocation.fenced) return EndReason::fence;
  if (allocation.end_wished()) return EndReason::stop;
  const auto* unbegun = std::get_if<NeverStarted>(&cause);
  if (unbegun != nullptr && !unbegun->why.empty()) return EndReason::group;
  if (allocation.group_ends() && facts.signalled) return EndReason::group;
  // A process of it may have been killed, and the task have done what it should all the same.
  const auto* exited = std::get_if<Exited>(&cause);
  const bool succeeded = exited != nullptr && task_of(id).is_success(exited->code);
  return facts.out_of_memory && !succeeded ? EndReason::out_of_memory : EndReason::itself;
}

}  // namespace drover::agent::core
