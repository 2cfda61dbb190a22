// The inputs: which attempts each of them concerns.
#include "agent/core/machine.h"

#include <set>
#include <utility>

namespace drover::agent::core {

void Machine::on(const Recovered& input) {
  for (const JournalRecord& old : input.journal) apply_record(state_, old);
  state_.highest_epoch = input.highest_epoch;
  const bool rebooted = !state_.boot_id.empty() && state_.boot_id != input.boot_id;
  for (auto& [id, allocation] : state_.allocations) {
    for_each_attempt(allocation, [&](const AttemptId& attempt_id, Attempt& attempt) {
      if (rebooted) return lose(attempt_id, attempt, "the node restarted");
      // What is missing may have said that it ran.
      if (input.damaged && !attempt.end) record(RequestedRecord{attempt_id, kUnknownSupervisor});
    });
  }
  if (state_.boot_id != input.boot_id) record(BootRecord{input.boot_id});
  forget_all_gone();
}

void Machine::on(const MasterCommands& input) {
  if (input.epoch < state_.highest_epoch) {
    note(true, "message of a superseded master ignored",
         {{"epoch", std::to_string(input.epoch.value)},
          {"highest_epoch", std::to_string(state_.highest_epoch.value)}});
    return;
  }
  if (input.epoch > state_.highest_epoch) {
    state_.highest_epoch = input.epoch;
    output_.epoch = input.epoch;
  }
  for (const Command& command : input.commands) {
    std::visit([this](const auto& content) { obey(content); }, command);
  }
}

void Machine::on(const MasterLost&) {}

void Machine::obey(const StartAllocation& command) {
  const AllocationId& id = command.spec->id;
  if (state_.allocation(id) != nullptr) return;
  record(AcceptedRecord{command.spec});
  if (!state_.supervisor) return;
  for_each_attempt(*state_.allocation(id), [this](const AttemptId& attempt_id, Attempt& attempt) {
    request_spawn(attempt_id, attempt);
  });
}

void Machine::obey(const StopAllocation& command) {
  Allocation* allocation = state_.allocation(command.id);
  if (allocation == nullptr || allocation->end_wished()) return;
  record(WishRecord{command.id, false});
  for_each_attempt(*allocation,
                   [this](const AttemptId& id, Attempt& attempt) { stop(id, attempt); });
}

void Machine::obey(const RemoveAllocation& command) {
  Allocation* allocation = state_.allocation(command.id);
  if (allocation == nullptr || allocation->remove_wished) return;
  record(WishRecord{command.id, true});
  for_each_attempt(*allocation,
                   [this](const AttemptId& id, Attempt& attempt) { kill(id, attempt); });
  forget_if_gone(command.id);
}

void Machine::on(const SupervisorAttached& input) {
  state_.supervisor = input.incarnation;
  std::set<AttemptId> known;
  for (const SupervisorStatus& status : input.attempts) {
    on(status);
    if (const auto id = AttemptId::parse(status.key)) known.insert(*id);
  }
  for (auto& [allocation_id, allocation] : state_.allocations) {
    for_each_attempt(allocation, [&](const AttemptId& id, Attempt& attempt) {
      if (known.contains(id)) {
        repeat_wish(id, attempt);
      } else {
        missing(id, attempt);
      }
    });
  }
  forget_all_gone();
}

void Machine::on(const SupervisorDetached&) { state_.supervisor.reset(); }

void Machine::on(const SupervisorGone&) {
  state_.supervisor.reset();
  for (auto& [allocation_id, allocation] : state_.allocations) {
    for_each_attempt(allocation, [this](const AttemptId& id, Attempt& attempt) {
      if (attempt.phase == Phase::accepted) return;  // the next supervisor can still run it
      lose(id, attempt, "the supervisor that ran it is gone");
    });
  }
  forget_all_gone();
}

void Machine::on(const SupervisorStatus& input) {
  const auto id = AttemptId::parse(input.key);
  Attempt* attempt = id ? state_.attempt(*id) : nullptr;
  if (attempt == nullptr) {
    // Left by an agent that knew more than this one: nobody wants it.
    if (input.cause) {
      request(ForgetAttempt{input.key});
    } else {
      note(true, "unknown attempt killed", {{"attempt", input.key}});
      request(KillAttempt{input.key});
    }
    return;
  }
  if (input.cause) {
    ended(*id, *attempt, input);
    forget_if_gone(id->allocation);
  } else {
    began(*id, *attempt, input);
  }
}

void Machine::on(const Tick&) {
  while (!state_.kills_due.empty() && state_.kills_due.begin()->first <= now_.steady_ms) {
    const AttemptId id = state_.kills_due.begin()->second;
    note(false, "grace is over", {{"attempt", id.text()}});
    kill(id, *state_.attempt(id));
  }
}

void Machine::forget_if_gone(const AllocationId& id) {
  const Allocation* allocation = state_.allocation(id);
  if (allocation == nullptr || !allocation->remove_wished) return;
  bool all_ended = true;
  for_each_attempt(*allocation, [&all_ended](const AttemptId&, const Attempt& attempt) {
    if (!attempt.end) all_ended = false;
  });
  if (!all_ended) return;
  for_each_attempt(*allocation, [this](const AttemptId& attempt_id, const Attempt& attempt) {
    if (!attempt.supervisor.empty()) request(ForgetAttempt{attempt_id.text()});
  });
  record(ForgottenRecord{id});
  output_.forgotten.push_back(id);
}

void Machine::forget_all_gone() {
  std::vector<AllocationId> removing;
  for (const auto& [id, allocation] : state_.allocations) {
    if (allocation.remove_wished) removing.push_back(id);
  }
  for (const AllocationId& id : removing) forget_if_gone(id);
}

void Machine::record(JournalRecord record) {
  apply_record(state_, record);
  output_.journal.push_back(std::move(record));
}

void Machine::request(SupervisorRequest request) {
  if (state_.supervisor) output_.requests.push_back(std::move(request));
}

void Machine::note(bool warning, std::string_view event,
                   std::initializer_list<std::pair<std::string_view, std::string>> fields) {
  output_.notes.push_back({warning, event, {fields.begin(), fields.end()}});
}

}  // namespace drover::agent::core
