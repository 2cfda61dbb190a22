// What the master says: whether it counts, and what is done for it.
#include <utility>

#include "agent/core/machine.h"
#include "common/planted_bug.h"

namespace drover::agent::core {

void Machine::on(const SessionOpened& input) {
  if (!accept_epoch(input.epoch)) return;
  const auto& latest = state_.session;
  if (latest && input.epoch == latest->epoch && input.session <= latest->number) {
    // Delayed or doubled on its way.
    return note(true, "welcome of an earlier session ignored",
                {{"session", std::to_string(input.session.value)}});
  }
  state_.session = Session{input.epoch, input.session};
}

void Machine::on(const MasterLost&) {
  if (state_.session) state_.session->open = false;
}

void Machine::on(const MasterCommands& input) {
  look_at_lease();
  if (!accept_message(input)) return;
  for (const Command& command : input.commands) {
    std::visit([this](const auto& content) { obey(content); }, command);
  }
  // Not before: what the same message also stops or removes never begins.
  for (const AllocationId& id : std::exchange(accepted_, {})) begin(id);
}

bool Machine::accept_epoch(Epoch epoch) {
  if (epoch < state_.highest_epoch && !planted(PlantedBug::skip_epoch_check)) {
    note(true, "message of a superseded master ignored",
         {{"epoch", std::to_string(epoch.value)},
          {"highest_epoch", std::to_string(state_.highest_epoch.value)}});
    return false;
  }
  if (epoch > state_.highest_epoch) {
    state_.highest_epoch = epoch;
    if (!planted(PlantedBug::forget_epoch)) output_.epoch = epoch;
  }
  return true;
}

bool Machine::is_present(SessionId session) const {
  return state_.session && state_.session->open && state_.session->number == session;
}

bool Machine::accept_message(const MasterCommands& message) {
  if (!accept_epoch(message.epoch)) return false;
  auto& session = state_.session;
  if (!is_present(message.session) && !planted(PlantedBug::obey_stale_session)) {
    note(true, "message of another session ignored",
         {{"session", std::to_string(message.session.value)}});
    return false;
  }
  if (!session) return true;
  if (message.sequence <= session->last_sequence && !planted(PlantedBug::obey_duplicate)) {
    note(false, "message ignored that has come before",
         {{"sequence", std::to_string(message.sequence)}});
    return false;
  }
  session->last_sequence = message.sequence;
  return true;
}

void Machine::obey(const StartAllocation& command) {
  const AllocationId& id = command.spec->id;
  if (state_.allocation(id) != nullptr) return;
  if (state_.storage_full) return refuse(*command.spec, "its node's disk is full");
  // It was long on its way: the master may have stopped it since, or given it to another node.
  // (An exclusive one is withheld for want of a lease in any case.)
  const bool late = state_.lease_end && !has_lease() && !command.spec->exclusive;
  if (late && !planted(PlantedBug::start_late)) {
    return refuse(*command.spec, "it reached its node too late");
  }
  record(AcceptedRecord{command.spec});
  accepted_.push_back(id);
}

void Machine::begin(const AllocationId& id) {
  Allocation* allocation = state_.allocation(id);
  if (allocation == nullptr || allocation->must_end()) return;
  const bool withheld = allocation->spec->exclusive && !has_lease();
  if (!withheld && !state_.supervisor) return;
  for_each_attempt(*allocation, [&](const AttemptId& attempt_id, Attempt& attempt) {
    if (withheld) return withhold(attempt_id, attempt);
    if (task_of(attempt_id).after.empty() || planted(PlantedBug::ignore_order)) {
      request_spawn(attempt_id, attempt);
    }
  });
}

// Nothing of it is held, and nothing has been started: the master can place it anew.
void Machine::refuse(const AllocationSpec& spec, std::string why) {
  note(true, "allocation refused", {{"allocation", spec.id.text()}, {"cause", why}});
  for (std::uint32_t task = 0; task < spec.tasks.size(); ++task) {
    const End end{now_.unix_ms, NeverStarted{why}, false};
    output_.reports.push_back({AttemptId{spec.id, task, 1}, 0, end});
  }
}

void Machine::obey(const StopAllocation& command) {
  Allocation* allocation = state_.allocation(command.id);
  if (allocation == nullptr || allocation->end_wished()) return;
  record(WishRecord{command.id, false});
  for_each_attempt(*allocation, [this](const AttemptId& id, Attempt& attempt) {
    stop(id, attempt, now_.steady_ms);
  });
}

void Machine::obey(const RemoveAllocation& command) {
  Allocation* allocation = state_.allocation(command.id);
  if (allocation == nullptr) {
    if (command.confirm) output_.removed.push_back(command.id);
    return;
  }
  allocation->confirms_removal |= command.confirm;
  if (allocation->remove_wished) return;
  record(WishRecord{command.id, true});
  for_each_attempt(*allocation,
                   [this](const AttemptId& id, Attempt& attempt) { kill(id, attempt); });
  forget_if_gone(command.id);
}

void Machine::obey(const RestartAttempt& command) {
  Attempt* attempt = state_.attempt(command.id);
  if (attempt == nullptr || attempt->phase != Phase::running) return;
  if (state_.allocation(command.id.allocation)->no_restarts) {
    return note(true, "task is not begun again: the agent's journal was damaged",
                {{"attempt", command.id.text()}});
  }
  note(false, "restart was asked for", {{"attempt", command.id.text()}});
  end_for(command.id, *attempt, EndReason::restart);
}

void Machine::obey(const SendSignal& command) {
  const Attempt* attempt = state_.attempt(command.id);
  if (attempt == nullptr || attempt->phase != Phase::running || !state_.supervisor) {
    return note(true, "signal for what does not run", {{"attempt", command.id.text()}});
  }
  note(false, "signal is sent",
       {{"attempt", command.id.text()}, {"signal", std::to_string(command.signal)}});
  request(SignalAttempt{command.id.text(), command.signal});
}

}  // namespace drover::agent::core
