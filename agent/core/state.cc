#include "agent/core/state.h"

#include <algorithm>

namespace drover::agent::core {
namespace {

bool has_process(const Attempt& attempt) {
  return attempt.started_unix_ms != 0 && attempt.phase != Phase::ended;
}

}  // namespace

bool has_succeeded(const TaskSpec& task, const End& end) {
  const auto* exited = std::get_if<Exited>(&end.cause);
  return exited != nullptr && task.is_success(exited->code) && end.reason == EndReason::itself;
}

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
  Task& task = holder->tasks[id.task];
  if (id.attempt < task.first_attempt || id.attempt > task.last_attempt()) return nullptr;
  return &task.attempts[id.attempt - task.first_attempt];
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

void State::set_restart_due(const AttemptId& id, Attempt& attempt,
                            std::optional<std::int64_t> due) {
  set_due(restarts_due, id, attempt.restart_due, due);
}

void State::set_check_due(const AttemptId& id, Attempt& attempt, std::optional<std::int64_t> due) {
  set_due(checks_due, id, attempt.check_due, due);
}

void State::clear_due(const AttemptId& id, Attempt& attempt) {
  set_kill_due(id, attempt, std::nullopt);
  set_timeout_due(id, attempt, std::nullopt);
  set_restart_due(id, attempt, std::nullopt);
  set_check_due(id, attempt, std::nullopt);
}

std::optional<HealthReport> health_of(const Attempt& attempt) {
  if (!attempt.checks || attempt.checks->health == Health::unknown) return std::nullopt;
  return HealthReport{attempt.checks->health, attempt.checks->since_unix_ms,
                      attempt.checks->failure};
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
      reports.push_back(
          {attempt_id, attempt.started_unix_ms, attempt.end, attempt.next, health_of(attempt)});
    });
  }
  return reports;
}

std::optional<std::int64_t> next_deadline(const State& state) {
  std::optional<std::int64_t> next;
  for (const auto* due :
       {&state.kills_due, &state.timeouts_due, &state.restarts_due, &state.checks_due}) {
    if (due == &state.restarts_due && !state.can_restart()) continue;
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
