// The inputs: which attempts each of them concerns.
#include "agent/core/machine.h"

#include <set>
#include <utility>

#include "common/planted_bug.h"

namespace drover::agent::core {

void Machine::on(const Recovered& input) {
  for (const JournalRecord& old : input.journal) apply_record(state_, old);
  if (planted(PlantedBug::forget_restarts)) {
    for (auto& [id, allocation] : state_.allocations) {
      for (Task& task : allocation.tasks) task.restarts.clear();
    }
  }
  state_.highest_epoch = input.highest_epoch;
  const bool rebooted = !state_.boot_id.empty() && state_.boot_id != input.boot_id;
  for (auto& [id, allocation] : state_.allocations) {
    if (input.damaged) forbid_restarts(allocation);
    for_each_attempt(allocation, [&](const AttemptId& attempt_id, Attempt& attempt) {
      if (rebooted) return lose(attempt_id, attempt, "the node restarted");
      // What is missing may have said that it ran.
      if (input.damaged && !attempt.end) record(RequestedRecord{attempt_id, kUnknownSupervisor});
    });
  }
  if (state_.boot_id != input.boot_id) record(BootRecord{input.boot_id});
  if (input.damaged || state_.journal_id.empty()) record(NameRecord{input.fresh_journal_id});
  disturb_all();
  forget_all_gone();
}

void Machine::on(const SupervisorAttached& input) {
  state_.supervisor = input.incarnation;
  state_.fence.reset();
  state_.strangers.clear();
  if (!state_.leased.empty()) tell_fence();
  std::set<AttemptId> known;
  std::set<std::string> keys;
  for (const SupervisorStatus& status : input.attempts) {
    on(status);
    keys.insert(status.key);
    if (const auto id = AttemptId::parse(status.key)) known.insert(*id);
  }
  // Not before: what has ended by itself was not ended by the lease.
  look_at_lease();
  for (auto& [allocation_id, allocation] : state_.allocations) {
    for_each_attempt(allocation, [&](const AttemptId& id, Attempt& attempt) {
      if (known.contains(id)) {
        repeat_wish(id, attempt);
      } else {
        missing(id, attempt);
      }
    });
  }
  // What has failed meanwhile may have ended its group: then no task of it is begun again.
  disturb_all();
  settle_groups();
  look_at_restarts();
  checks_after_attach(keys);
  forget_all_gone();
}

void Machine::on(const SupervisorDetached&) { state_.supervisor.reset(); }

void Machine::on(const SupervisorGone&) {
  state_.supervisor.reset();
  for (auto& [allocation_id, allocation] : state_.allocations) {
    // What they forked lives until the next supervisor has killed it, and no copy may be placed
    // elsewhere before.
    if (allocation.spec->exclusive) continue;
    for_each_attempt(allocation, [this](const AttemptId& id, Attempt& attempt) {
      // The next supervisor can still run it.
      if (attempt.phase == Phase::accepted || attempt.phase == Phase::pausing) return;
      lose(id, attempt, "the supervisor that ran it is gone");
    });
  }
  forget_all_gone();
}

void Machine::on(const SupervisorStatus& input) {
  if (const auto check = CheckId::parse(input.key)) return check_process(*check, input);
  const auto id = AttemptId::parse(input.key);
  Attempt* attempt = id ? state_.attempt(*id) : nullptr;
  if (attempt == nullptr) {
    // Left by an agent that knew more than this one: nobody wants it.
    if (input.cause) {
      state_.strangers.erase(input.key);
      request(ForgetAttempt{input.key});
    } else {
      if (id) state_.strangers.insert(input.key);
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

void Machine::on(const Storage& input) {
  state_.storage_full = input.full;
  note(input.full, input.full ? "disk full, no new work is taken" : "disk has room again", {});
  look_at_restarts();
  disturb_all();
}

void Machine::on(const Tick&) {
  look_at_lease();
  look_at_timeouts();
  look_at_restarts();
  look_at_checks();
  while (!state_.kills_due.empty() && state_.kills_due.begin()->first <= now_.steady_ms) {
    const AttemptId id = state_.kills_due.begin()->second;
    note(false, "grace is over", {{"attempt", id.text()}});
    Attempt& attempt = *state_.attempt(id);
    if (planted(PlantedBug::skip_sigkill)) {
      state_.set_kill_due(id, attempt, std::nullopt);
    } else {
      kill(id, attempt);
    }
  }
}

void Machine::forget_if_gone(const AllocationId& id) {
  const Allocation* allocation = state_.allocation(id);
  if (allocation == nullptr || !allocation->remove_wished) return;
  if (!is_over(*allocation) && !planted(PlantedBug::forget_early)) return;
  // Also what no supervisor was asked for, as far as is known: damage may hide that one was.
  for_each_attempt(*allocation, [this](const AttemptId& attempt_id, const Attempt&) {
    request(ForgetAttempt{attempt_id.text()});
  });
  if (allocation->confirms_removal) output_.removed.push_back(id);
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
  if (planted(PlantedBug::spawn_without_journal) &&
      std::holds_alternative<RequestedRecord>(record)) {
    return;
  }
  if (planted(PlantedBug::forget_ending) && std::holds_alternative<EndingRecord>(record)) return;
  if (planted(PlantedBug::forget_exit) && std::holds_alternative<EndedRecord>(record)) return;
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
