// Whether what runs is well. Each check is numbered, at most one of an attempt is under way, and
// what an earlier one says late counts for nothing. Nothing of it is recorded but that an attempt
// is ended for it: the next agent judges anew, and says nothing before it has.
#include <algorithm>
#include <charconv>

#include "agent/core/machine.h"
#include "common/limits.h"
#include "common/planted_bug.h"

namespace drover::agent::core {
namespace {

constexpr char kNumberSign = '#';

// So that tasks that begin together are not checked together.
std::int64_t first_pause(const AttemptId& id, const HealthSpec& spec) {
  const std::chrono::milliseconds longest =
      std::min<std::chrono::milliseconds>(spec.period(), limits::kFirstCheckWithin);
  const std::size_t bits = std::hash<AllocationId>()(id.allocation) + id.task * 7919 + id.attempt;
  return static_cast<std::int64_t>(bits % static_cast<std::size_t>(longest.count()));
}

// What a check's process says; nothing: that all is well.
std::optional<std::string> failure_of(const EndCause& cause) {
  struct Text {
    std::string operator()(const Exited& exited) const {
      return "exit code " + std::to_string(exited.code);
    }
    std::string operator()(const Signalled& signalled) const {
      return "ended by signal " + std::to_string(signalled.signal);
    }
    std::string operator()(const SpawnFailed& failed) const {
      return "cannot be run: " + failed.step + ", errno " + std::to_string(failed.error_number);
    }
    std::string operator()(const Lost& lost) const { return lost.why; }
    std::string operator()(const NeverStarted&) const { return "was not begun"; }
  };
  const auto* exited = std::get_if<Exited>(&cause);
  if (exited != nullptr && exited->code == 0) return std::nullopt;
  return std::visit(Text{}, cause);
}

}  // namespace

std::string CheckId::text() const { return attempt.text() + kNumberSign + std::to_string(number); }

std::optional<CheckId> CheckId::parse(std::string_view text) {
  const std::size_t sign = text.find(kNumberSign);
  if (sign == std::string_view::npos) return std::nullopt;
  const auto attempt = AttemptId::parse(text.substr(0, sign));
  std::int64_t number = 0;
  const std::string_view digits = text.substr(sign + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_number = error == std::errc() && end == digits.data() + digits.size();
  if (!attempt || !is_number || number <= 0) return std::nullopt;
  return CheckId{*attempt, number};
}

void Machine::begin_checks(const AttemptId& id, Attempt& attempt, std::int64_t started_steady_ms) {
  const auto& spec = task_of(id).health;
  if (!spec) return;
  const std::int64_t started = started_steady_ms != 0 ? started_steady_ms : now_.steady_ms;
  attempt.checks.emplace().failures_count_from = started + spec->grace_at_start().count();
  state_.set_check_due(id, attempt, now_.steady_ms + first_pause(id, *spec));
}

void Machine::end_checks(const AttemptId& id, Attempt& attempt) {
  if (!attempt.checks) return;
  const bool has_process = attempt.checks->under_way && task_of(id).health->command;
  if (has_process) request(KillAttempt{CheckId{id, attempt.checks->number}.text()});
  attempt.checks.reset();
  state_.set_check_due(id, attempt, std::nullopt);
}

void Machine::look_at_checks() {
  while (!state_.checks_due.empty() && state_.checks_due.begin()->first <= now_.steady_ms) {
    const AttemptId id = state_.checks_due.begin()->second;
    Attempt& attempt = *state_.attempt(id);
    if (!attempt.checks->under_way) {
      begin_check(id, attempt);
      continue;
    }
    const HealthSpec& spec = *task_of(id).health;
    if (spec.command) request(KillAttempt{CheckId{id, attempt.checks->number}.text()});
    checked(id, attempt, "no answer within " + std::to_string(spec.time_limit().count()) + " ms");
  }
}

void Machine::begin_check(const AttemptId& id, Attempt& attempt) {
  const AllocationSpecPtr& spec = state_.allocation(id.allocation)->spec;
  const HealthSpec& health = *task_of(id).health;
  Checks& checks = *attempt.checks;
  // Without a supervisor nobody can say how the task is by a command.
  if (health.command && !state_.supervisor) {
    return state_.set_check_due(id, attempt, now_.steady_ms + health.period().count());
  }
  checks.under_way = true;
  checks.check_began_ms = now_.steady_ms;
  checks.number = std::max(checks.number + 1, now_.steady_ms);
  const CheckId check{id, checks.number};
  if (health.command) {
    request(SpawnCheck{check, spec});
  } else {
    output_.probes.push_back({check, spec});
  }
  state_.set_check_due(id, attempt, now_.steady_ms + health.time_limit().count());
}

Attempt* Machine::awaiting(const CheckId& id) {
  Attempt* attempt = state_.attempt(id.attempt);
  const bool is_awaited = attempt != nullptr && attempt->checks && attempt->checks->under_way &&
                          attempt->checks->number == id.number;
  return is_awaited ? attempt : nullptr;
}

// One that nobody waits for is killed, and forgotten when it has ended.
void Machine::check_process(const CheckId& id, const SupervisorStatus& status) {
  Attempt* attempt = awaiting(id);
  if (status.cause) {
    request(ForgetAttempt{status.key});
    if (attempt == nullptr) return;
    // What the supervisor has killed for want of a lease says nothing of the task.
    if (status.fenced) return skip_check(id.attempt, *attempt);
    checked(id.attempt, *attempt, failure_of(*status.cause));
  } else if (attempt == nullptr) {
    request(KillAttempt{status.key});
  }
}

void Machine::skip_check(const AttemptId& id, Attempt& attempt) {
  attempt.checks->under_way = false;
  state_.set_check_due(id, attempt, now_.steady_ms + task_of(id).health->period().count());
}

// After a connection broke, nobody knows whether the last check was begun: one of which the
// supervisor does not know is begun once more, under another number.
void Machine::checks_after_attach(const std::set<std::string>& known) {
  for (auto& [allocation_id, allocation] : state_.allocations) {
    for_each_attempt(allocation, [&](const AttemptId& id, Attempt& attempt) {
      if (!attempt.checks || !attempt.checks->under_way || !task_of(id).health->command) return;
      if (known.contains(CheckId{id, attempt.checks->number}.text())) return;
      attempt.checks->under_way = false;
      state_.set_check_due(id, attempt, now_.steady_ms);
    });
  }
}

void Machine::on(const Checked& input) {
  Attempt* attempt = awaiting(input.check);
  if (attempt != nullptr) checked(input.check.attempt, *attempt, input.failure);
}

void Machine::checked(const AttemptId& id, Attempt& attempt, std::optional<std::string> failure) {
  const HealthSpec& spec = *task_of(id).health;
  Checks& checks = *attempt.checks;
  checks.under_way = false;
  state_.set_check_due(id, attempt,
                       std::max(checks.check_began_ms + spec.period().count(), now_.steady_ms));
  const bool passed = !failure;
  if (passed) checks.failures_count_from = now_.steady_ms;
  if (failure) checks.failure = *std::move(failure);
  if (!passed && now_.steady_ms < checks.failures_count_from) return;
  checks.in_a_row = passed == checks.last_passed ? checks.in_a_row + 1 : 1;
  checks.last_passed = passed;
  const std::uint32_t needed = passed ? spec.passes_needed() : spec.failures_needed();
  if (checks.in_a_row >= needed || planted(PlantedBug::hasty_checks)) {
    judge(id, attempt, passed ? Health::healthy : Health::unhealthy);
  }
}

void Machine::judge(const AttemptId& id, Attempt& attempt, Health health) {
  Checks& checks = *attempt.checks;
  if (checks.health == health) return;
  checks.health = health;
  checks.since_unix_ms = now_.unix_ms;
  const bool is_well = health == Health::healthy;
  if (is_well) {
    checks.failure.clear();
    note(false, "task is healthy", {{"attempt", id.text()}});
  } else {
    note(true, "task is unhealthy", {{"attempt", id.text()}, {"failure", checks.failure}});
  }
  disturbed_.insert(id.allocation);
  output_.reports.push_back(
      {id, attempt.started_unix_ms, std::nullopt, std::nullopt, health_of(attempt)});
  if (is_well || task_of(id).health->when_unhealthy() == OnUnhealthy::report) return;
  end_for(id, attempt, EndReason::unhealthy);
}

}  // namespace drover::agent::core
