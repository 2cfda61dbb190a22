#include "agent/core/state.h"

#include <algorithm>

#include "common/check.h"

namespace drover::agent::core {
namespace {

struct Applier {
  State& state;

  void operator()(const BootRecord& record) const { state.boot_id = record.boot_id; }
  void operator()(const NameRecord& record) const { state.journal_id = record.journal_id; }

  void operator()(const AcceptedRecord& record) const {
    Allocation allocation;
    allocation.spec = record.spec;
    allocation.tasks.resize(record.spec->tasks.size(), Task{{Attempt{}}});
    state.allocations.try_emplace(record.spec->id, std::move(allocation));
    update_leased(record.spec->id);
  }

  void operator()(const RequestedRecord& record) const {
    Attempt* attempt = state.attempt(record.attempt);
    if (attempt == nullptr || attempt->end) return;
    attempt->phase = Phase::spawning;
    attempt->supervisor = record.supervisor;
  }

  void operator()(const EndingRecord& record) const {
    Attempt* attempt = state.attempt(record.attempt);
    if (attempt != nullptr && !attempt->end) attempt->ending = record.reason;
  }

  void operator()(const EndedRecord& record) const {
    Attempt* attempt = state.attempt(record.attempt);
    if (attempt == nullptr || attempt->end) return;  // an end never changes
    state.set_kill_due(record.attempt, *attempt, std::nullopt);
    state.set_timeout_due(record.attempt, *attempt, std::nullopt);
    attempt->phase = Phase::ended;
    attempt->started_unix_ms = record.started_unix_ms;
    attempt->end = record.end;
    update_leased(record.attempt.allocation);
  }

  void operator()(const WishRecord& record) const {
    Allocation* allocation = state.allocation(record.allocation);
    if (allocation == nullptr) return;
    (record.remove ? allocation->remove_wished : allocation->stop_wished) = true;
  }

  void operator()(const FenceRecord& record) const {
    Allocation* allocation = state.allocation(record.allocation);
    if (allocation == nullptr) return;
    allocation->fenced = true;
    update_leased(record.allocation);
  }

  void operator()(const ForgottenRecord& record) const {
    Allocation* allocation = state.allocation(record.allocation);
    if (allocation == nullptr) return;
    for_each_attempt(*allocation, [this](const AttemptId& id, Attempt& attempt) {
      state.set_kill_due(id, attempt, std::nullopt);
      state.set_timeout_due(id, attempt, std::nullopt);
    });
    state.allocations.erase(record.allocation);
    update_leased(record.allocation);
  }

  void update_leased(const AllocationId& id) const {
    const Allocation* allocation = state.allocation(id);
    if (allocation != nullptr && !allocation->spec->exclusive) return;
    if (allocation != nullptr && !allocation->fenced && !is_over(*allocation)) {
      state.leased.insert(id);
    } else {
      state.leased.erase(id);
    }
  }
};

bool has_process(const Attempt& attempt) {
  return attempt.started_unix_ms != 0 && attempt.phase != Phase::ended;
}

}  // namespace

bool is_over(const Allocation& allocation) {
  bool over = true;
  for_each_attempt(allocation, [&over](const AttemptId&, const Attempt& attempt) {
    if (!attempt.end) over = false;
  });
  return over;
}

Allocation* State::allocation(const AllocationId& id) {
  const auto found = allocations.find(id);
  return found == allocations.end() ? nullptr : &found->second;
}

Attempt* State::attempt(const AttemptId& id) {
  Allocation* holder = allocation(id.allocation);
  if (holder == nullptr || id.task >= holder->tasks.size()) return nullptr;
  std::vector<Attempt>& attempts = holder->tasks[id.task].attempts;
  if (id.attempt == 0 || id.attempt > attempts.size()) return nullptr;
  return &attempts[id.attempt - 1];
}

namespace {

void set_due(std::set<std::pair<std::int64_t, AttemptId>>& all, const AttemptId& id,
             std::optional<std::int64_t>& present, std::optional<std::int64_t> due) {
  if (present) all.erase({*present, id});
  present = due;
  if (due) all.insert({*due, id});
}

}  // namespace

void State::set_kill_due(const AttemptId& id, Attempt& attempt, std::optional<std::int64_t> due) {
  set_due(kills_due, id, attempt.kill_due, due);
}

void State::set_timeout_due(const AttemptId& id, Attempt& attempt,
                            std::optional<std::int64_t> due) {
  set_due(timeouts_due, id, attempt.timeout_due, due);
}

void apply_record(State& state, const JournalRecord& record) { std::visit(Applier{state}, record); }

std::vector<JournalRecord> journal_of(const State& state) {
  std::vector<JournalRecord> records;
  records.emplace_back(BootRecord{state.boot_id});
  records.emplace_back(NameRecord{state.journal_id});
  for (const auto& [id, allocation] : state.allocations) {
    records.emplace_back(AcceptedRecord{allocation.spec});
    if (allocation.stop_wished) records.emplace_back(WishRecord{id, false});
    if (allocation.remove_wished) records.emplace_back(WishRecord{id, true});
    if (allocation.fenced) records.emplace_back(FenceRecord{id});
    for_each_attempt(allocation, [&records](const AttemptId& attempt_id, const Attempt& attempt) {
      if (!attempt.supervisor.empty()) {
        records.emplace_back(RequestedRecord{attempt_id, attempt.supervisor});
      }
      if (attempt.ending && !attempt.end) {
        records.emplace_back(EndingRecord{attempt_id, *attempt.ending});
      }
      if (attempt.end) {
        records.emplace_back(EndedRecord{attempt_id, attempt.started_unix_ms, *attempt.end});
      }
    });
  }
  return records;
}

std::vector<AllocationId> held_allocations(const State& state) {
  std::vector<AllocationId> ids;
  ids.reserve(state.allocations.size());
  for (const auto& [id, allocation] : state.allocations) ids.push_back(id);
  return ids;
}

std::vector<AttemptReport> known_attempts(const State& state) {
  std::vector<AttemptReport> reports;
  for (const auto& [id, allocation] : state.allocations) {
    for_each_attempt(allocation, [&reports](const AttemptId& attempt_id, const Attempt& attempt) {
      if (!attempt.end && !has_process(attempt)) return;
      reports.push_back({attempt_id, attempt.started_unix_ms, attempt.end});
    });
  }
  return reports;
}

std::optional<std::int64_t> next_deadline(const State& state) {
  std::optional<std::int64_t> next;
  for (const auto* due : {&state.kills_due, &state.timeouts_due}) {
    if (!due->empty()) next = std::min(due->begin()->first, next.value_or(due->begin()->first));
  }
  if (!state.leased.empty() && state.lease_end) {
    next = std::min(*state.lease_end, next.value_or(*state.lease_end));
  }
  return next;
}

std::size_t running_attempts(const State& state) {
  std::size_t count = 0;
  for (const auto& [id, allocation] : state.allocations) {
    for_each_attempt(allocation, [&count](const AttemptId&, const Attempt& attempt) {
      if (has_process(attempt)) ++count;
    });
  }
  return count;
}

}  // namespace drover::agent::core
