#include "master/store/task_codec.h"

#include "common/wire/task_spec.h"

namespace drover::store {
namespace {

// What a message says of one attempt.
core::FormerAttempt attempt_of(const record::Task& message) {
  return {message.attempt(),
          message.started_unix_ms(),
          message.ended_unix_ms(),
          {static_cast<core::EndKind>(message.end_kind()), message.end_code(), message.end_detail(),
           message.end_fenced(), wire::read(message.end_reason()), message.output_dropped_bytes(),
           wire::read(message.used())}};
}

void write(const core::FormerAttempt& attempt, record::Task& message) {
  message.set_attempt(attempt.attempt);
  message.set_started_unix_ms(attempt.started_at);
  message.set_ended_unix_ms(attempt.ended_at);
  message.set_end_kind(static_cast<std::uint32_t>(attempt.end.kind));
  message.set_end_code(attempt.end.code);
  if (!attempt.end.detail.empty()) message.set_end_detail(attempt.end.detail);
  message.set_end_fenced(attempt.end.fenced);
  message.set_end_reason(wire::write(attempt.end.reason));
  message.set_output_dropped_bytes(attempt.end.output_dropped_bytes);
  if (attempt.end.used.is_known()) wire::write(attempt.end.used, *message.mutable_used());
}

bool is_known(const record::Task& message) {
  return message.state() < core::kTaskStates &&
         message.end_kind() <= static_cast<std::uint32_t>(core::EndKind::lost);
}

}  // namespace

void write(const core::TaskStatus& task, record::Task& message) {
  write(core::FormerAttempt{task.attempt, task.started_at, task.ended_at, task.end}, message);
  message.set_state(static_cast<std::uint32_t>(task.state));
  message.set_next_start_unix_ms(task.next_start);
  message.set_health(static_cast<std::uint32_t>(task.health.state));
  message.set_health_since_unix_ms(task.health.since);
  if (!task.health.failure.empty()) message.set_health_failure(task.health.failure);
  message.set_restart_wished(task.restart_wished);
  for (const core::FormerAttempt& each : task.previous) write(each, *message.add_previous());
}

Result<core::TaskStatus> read(const record::Task& message) {
  bool known = is_known(message);
  for (const record::Task& each : message.previous()) known = known && is_known(each);
  if (!known) return Error{ErrorKind::invalid, "a task's state or end is unknown"};
  const core::FormerAttempt attempt = attempt_of(message);
  core::TaskStatus task{static_cast<core::TaskState>(message.state()),
                        attempt.attempt,
                        attempt.started_at,
                        attempt.ended_at,
                        attempt.end,
                        message.next_start_unix_ms()};
  for (const record::Task& each : message.previous()) task.previous.push_back(attempt_of(each));
  task.health = {wire::read_health(message.health()), message.health_since_unix_ms(),
                 message.health_failure()};
  task.restart_wished = message.restart_wished();
  return task;
}

}  // namespace drover::store
