#include "agent/wire/convert.h"

#include <utility>

#include "common/signals.h"
#include "common/wire/task_spec.h"

namespace drover::agent::wire {
namespace {

std::optional<AttemptId> attempt_id(const v1::AttemptRef& ref) {
  const auto allocation = allocation_id(ref.allocation());
  if (!allocation) return std::nullopt;
  return AttemptId{*allocation, ref.task(), ref.attempt()};
}

std::optional<core::Command> command(const v1::Command& message) {
  switch (message.kind_case()) {
    case v1::Command::kStart:
      if (auto spec = allocation_spec(message.start())) return core::StartAllocation{spec};
      return std::nullopt;
    case v1::Command::kStop:
      if (const auto id = allocation_id(message.stop())) return core::StopAllocation{*id};
      return std::nullopt;
    case v1::Command::kRemove:
      if (const auto id = allocation_id(message.remove()))
        return core::RemoveAllocation{*id, message.confirm()};
      return std::nullopt;
    case v1::Command::kRestart:
      if (const auto id = attempt_id(message.restart())) return core::RestartAttempt{*id};
      return std::nullopt;
    case v1::Command::kSignal: {
      const auto id = attempt_id(message.signal().attempt());
      const auto signal = find_signal(message.signal().signal());
      if (id && signal) return core::SendSignal{*id, signal->number};
      return std::nullopt;
    }
    case v1::Command::KIND_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

struct CauseWriter {
  v1::End* message;
  void operator()(const core::Exited& cause) const { message->set_exit_code(cause.code); }
  void operator()(const core::Signalled& cause) const { message->set_signal(cause.signal); }
  void operator()(const core::SpawnFailed& cause) const {
    message->mutable_spawn_failure()->set_error_number(cause.error_number);
    message->mutable_spawn_failure()->set_step(cause.step);
  }
  void operator()(const core::Lost& cause) const { message->set_lost(cause.why); }
  void operator()(const core::NeverStarted& cause) const {
    if (cause.why.empty()) return message->set_never_started(true);
    message->set_not_taken(cause.why);
  }
};

}  // namespace

std::optional<AllocationId> allocation_id(const v1::AllocationRef& ref) {
  const auto instance = InstanceId::from_bytes(ref.instance_id());
  if (!instance) return std::nullopt;
  return AllocationId{*instance, ref.slot(), ref.generation()};
}

core::AllocationSpecPtr allocation_spec(const v1::StartAllocation& start) {
  const auto id = allocation_id(start.allocation());
  if (!id) return nullptr;
  auto spec = std::make_shared<core::AllocationSpec>();
  spec->id = *id;
  spec->template_name = start.template_name();
  spec->exclusive = start.exclusive();
  spec->group = start.group();
  spec->index = start.index();
  const bool stops =
      start.on_task_failure() == static_cast<std::uint32_t>(OnTaskFailure::stop_group);
  spec->on_task_failure = stops ? OnTaskFailure::stop_group : OnTaskFailure::go_on;
  spec->tasks.reserve(static_cast<std::size_t>(start.tasks_size()));
  for (const v1::TaskSpec& task : start.tasks()) spec->tasks.push_back(drover::wire::read(task));
  return spec;
}

std::optional<core::End> end(const v1::End& message) {
  core::End made{message.unix_ms(),
                 {},
                 message.stopped(),
                 message.fenced(),
                 drover::wire::read(message.reason()),
                 message.output_dropped_bytes(),
                 drover::wire::read(message.used())};
  switch (message.cause_case()) {
    case v1::End::kExitCode:
      made.cause = core::Exited{message.exit_code()};
      return made;
    case v1::End::kSignal:
      made.cause = core::Signalled{message.signal()};
      return made;
    case v1::End::kSpawnFailure:
      made.cause =
          core::SpawnFailed{message.spawn_failure().error_number(), message.spawn_failure().step()};
      return made;
    case v1::End::kLost:
      made.cause = core::Lost{message.lost()};
      return made;
    case v1::End::kNeverStarted:
      made.cause = core::NeverStarted{};
      return made;
    case v1::End::kNotTaken:
      made.cause = core::NeverStarted{message.not_taken()};
      return made;
    case v1::End::CAUSE_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<core::AttemptReport> attempt_report(const v1::AttemptReport& message) {
  const auto id = allocation_id(message.allocation());
  if (!id) return std::nullopt;
  core::AttemptReport report{{*id, message.task(), message.attempt()}, message.started_unix_ms()};
  if (message.has_health()) {
    report.health =
        core::HealthReport{drover::wire::read_health(message.health().health()),
                           message.health().since_unix_ms(), message.health().failure()};
  }
  if (!message.has_end()) return report;
  report.end = end(message.end());
  if (!report.end) return std::nullopt;
  if (message.has_next()) {
    const v1::NextAttempt& next = message.next();
    report.next = core::NextAttempt{next.steady_ms(), next.unix_ms(), next.in_a_row()};
  }
  return report;
}

Commands commands(const v1::MasterMessage& message) {
  Commands result;
  result.input.epoch = Epoch{message.epoch()};
  result.input.session = SessionId{message.session()};
  result.input.sequence = message.sequence();
  for (const v1::Command& one : message.commands()) {
    if (auto made = command(one)) {
      result.input.commands.push_back(std::move(*made));
    } else {
      ++result.malformed;
    }
  }
  return result;
}

void write(const AllocationId& id, v1::AllocationRef* ref) {
  ref->set_instance_id(std::string(id.instance.raw()));
  ref->set_slot(id.slot);
  ref->set_generation(id.generation);
}

void write(const core::AllocationSpec& spec, v1::StartAllocation* start) {
  write(spec.id, start->mutable_allocation());
  start->set_template_name(spec.template_name);
  start->set_exclusive(spec.exclusive);
  start->set_group(spec.group);
  start->set_index(spec.index);
  start->set_on_task_failure(static_cast<std::uint32_t>(spec.on_task_failure));
  for (const TaskSpec& task : spec.tasks) drover::wire::write(task, *start->add_tasks());
}

void write(const core::End& end, v1::End* message) {
  message->set_unix_ms(end.unix_ms);
  std::visit(CauseWriter{message}, end.cause);
  message->set_stopped(end.stopped);
  message->set_fenced(end.fenced);
  message->set_reason(drover::wire::write(end.reason));
  message->set_output_dropped_bytes(end.output_dropped_bytes);
  if (end.used.is_known()) drover::wire::write(end.used, *message->mutable_used());
}

void write(const AttemptId& id, const ResourceUse& used, v1::TaskUse* message) {
  write(id.allocation, message->mutable_allocation());
  message->set_task(id.task);
  message->set_attempt(id.attempt);
  drover::wire::write(used, *message->mutable_used());
}

void write(const core::AttemptReport& report, v1::AttemptReport* message) {
  write(report.id.allocation, message->mutable_allocation());
  message->set_task(report.id.task);
  message->set_attempt(report.id.attempt);
  message->set_started_unix_ms(report.started_unix_ms);
  if (report.health) {
    message->mutable_health()->set_health(static_cast<std::uint32_t>(report.health->health));
    message->mutable_health()->set_since_unix_ms(report.health->since_unix_ms);
    message->mutable_health()->set_failure(report.health->failure);
  }
  if (report.end) write(*report.end, message->mutable_end());
  if (!report.next) return;
  message->mutable_next()->set_steady_ms(report.next->steady_ms);
  message->mutable_next()->set_unix_ms(report.next->unix_ms);
  message->mutable_next()->set_in_a_row(report.next->in_a_row);
}

}  // namespace drover::agent::wire
