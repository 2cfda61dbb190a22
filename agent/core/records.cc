// What a record of the journal means, and the journal that says what a state is.
#include <algorithm>
#include <utility>

#include "agent/core/state.h"
#include "common/limits.h"

namespace drover::agent::core {
namespace {

struct Applier {
  State& state;

  void operator()(const BootRecord& record) const { state.boot_id = record.boot_id; }
  void operator()(const NameRecord& record) const { state.journal_id = record.journal_id; }

  void operator()(const AcceptedRecord& record) const {
    Allocation allocation;
    allocation.spec = record.spec;
    allocation.tasks.resize(record.spec->tasks.size(), Task{{Attempt{}}, 1, {}});
    state.allocations.try_emplace(record.spec->id, std::move(allocation));
    update_leased(record.spec->id);
  }

  void operator()(const RequestedRecord& record) const {
    Attempt* attempt = state.attempt(record.attempt);
    if (attempt == nullptr || attempt->end) return;
    if (attempt->phase == Phase::pausing) note_begun(record);
    state.set_restart_due(record.attempt, *attempt, std::nullopt);
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
    state.clear_due(record.attempt, *attempt);
    attempt->checks.reset();
    attempt->phase = Phase::ended;
    attempt->started_unix_ms = record.started_unix_ms;
    attempt->end = record.end;
    attempt->next = record.next;
    if (record.next) add_restart(record.attempt, *record.next);
    note_failure(record);
    drop_earliest(task_of(record.attempt));
    update_leased(record.attempt.allocation);
  }

  void operator()(const RestartsRecord& record) const {
    Allocation* allocation = state.allocation(record.allocation);
    if (allocation == nullptr || record.task >= allocation->tasks.size()) return;
    allocation->tasks[record.task] = Task{{Attempt{}}, record.first_attempt, record.steady_ms};
  }

  void operator()(const NoRestartsRecord& record) const {
    Allocation* allocation = state.allocation(record.allocation);
    if (allocation != nullptr) allocation->no_restarts = true;
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
      state.clear_due(id, attempt);
    });
    state.allocations.erase(record.allocation);
    update_leased(record.allocation);
  }

  Task& task_of(const AttemptId& id) const {
    return state.allocation(id.allocation)->tasks[id.task];
  }

  void note_begun(const RequestedRecord& record) const {
    std::vector<std::int64_t>& restarts = task_of(record.attempt).restarts;
    if (!restarts.empty()) restarts.back() = std::max(restarts.back(), record.steady_ms);
  }

  // The attempt after this one is a restart, which is not begun yet.
  void add_restart(const AttemptId& ended, const NextAttempt& next) const {
    Task& task = task_of(ended);
    if (ended.attempt != task.last_attempt()) return;
    task.attempts.emplace_back().phase = Phase::pausing;
    const AttemptId id{ended.allocation, ended.task, ended.attempt + 1};
    state.set_restart_due(id, task.attempts.back(), next.steady_ms);
    if (next.in_a_row == 0) return;  // asked for, and not counted
    // A rewritten journal has said it already.
    if (task.restarts.empty() || next.steady_ms > task.restarts.back()) {
      task.restarts.push_back(next.steady_ms);
    }
    const auto& spec = state.allocation(ended.allocation)->spec->tasks[ended.task].restart;
    const std::int64_t since = next.steady_ms - spec.value_or(RestartSpec()).window().count();
    std::erase_if(task.restarts, [since](std::int64_t each) { return each <= since; });
  }

  // Not by what had been asked for, nor where for want of a lease nothing was begun.
  void note_failure(const EndedRecord& record) const {
    Allocation& allocation = *state.allocation(record.attempt.allocation);
    const TaskSpec& task = allocation.spec->tasks[record.attempt.task];
    const bool is_first = record.attempt.attempt == 1 && task.after.empty();
    const bool withheld =
        is_first && record.end.fenced && std::holds_alternative<NeverStarted>(record.end.cause);
    if (record.next || record.end.stopped || withheld) return;
    if (!has_succeeded(task, record.end)) allocation.has_failed = true;
  }

  static void drop_earliest(Task& task) {
    const std::size_t going_on = task.attempts.back().end ? 0 : 1;
    while (task.attempts.size() - going_on > limits::kAttemptsKept) {
      task.attempts.erase(task.attempts.begin());
      ++task.first_attempt;
    }
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

}  // namespace

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
    if (allocation.no_restarts) records.emplace_back(NoRestartsRecord{id});
    for (std::uint32_t task = 0; task < allocation.tasks.size(); ++task) {
      const auto& [attempts, first, restarts] = allocation.tasks[task];
      if (restarts.empty() && first == 1) continue;
      records.emplace_back(RestartsRecord{id, task, first, restarts});
    }
    for_each_attempt(allocation, [&records](const AttemptId& attempt_id, const Attempt& attempt) {
      if (!attempt.supervisor.empty()) {
        records.emplace_back(RequestedRecord{attempt_id, attempt.supervisor});
      }
      if (attempt.ending && !attempt.end) {
        records.emplace_back(EndingRecord{attempt_id, *attempt.ending});
      }
      if (attempt.end) {
        records.emplace_back(
            EndedRecord{attempt_id, attempt.started_unix_ms, *attempt.end, attempt.next});
      }
    });
  }
  return records;
}

}  // namespace drover::agent::core
