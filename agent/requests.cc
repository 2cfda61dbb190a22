#include "agent/requests.h"

#include <utility>

namespace drover::agent {
namespace {

void fill_resources(const TaskResources& wanted, supervisor::Resources& resources) {
  if (wanted.cpu_thousandths) {
    resources.set_cpu_millis(static_cast<std::uint32_t>(*wanted.cpu_thousandths));
  }
  resources.set_cpu_hard(wanted.cpu_limit == CpuLimit::hard);
  if (wanted.memory_bytes) {
    resources.set_memory_bytes(static_cast<std::uint64_t>(*wanted.memory_bytes));
  }
}

// What the task's process has, and whatever checks it.
void fill_surroundings(const TaskSpec& task, supervisor::Spawn& spawn) {
  if (task.user) spawn.set_user(*task.user);
  // Drover's own directory, which the task's user is to have.
  spawn.set_own_working_dir(!task.working_dir);
  if (task.umask) spawn.set_umask(*task.umask);
  for (const auto& [name, value] : task.limits) {
    supervisor::ProcessLimit* limit = spawn.add_limits();
    limit->set_resource(name);
    limit->set_soft(value);
    limit->set_hard(value);
  }
}

void fill_config(const TaskSpec& task, supervisor::Spawn& spawn) {
  if (task.input) spawn.set_input(*task.input);
  if (task.resources) fill_resources(*task.resources, *spawn.mutable_resources());
  const LogSpec logs = task.logs.value_or(LogSpec());
  spawn.set_output_limit_bytes(logs.bytes());
  spawn.set_output_files(logs.file_count());
}

struct Writer {
  const state::Layout& layout;
  const core::Account& account;
  supervisor::Request& message;

  void operator()(const core::SpawnAttempt& request) const {
    const TaskSpec& task = request.spec->tasks[request.id.task];
    supervisor::Spawn& spawn = *message.mutable_spawn();
    spawn.set_key(request.id.text());
    fill_process(core::command_line(task.command, task.args), *request.spec, request.id, spawn);
    const std::string output = layout.output_of(request.id);
    spawn.set_stdout_path(output + ".stdout");
    spawn.set_stderr_path(output + ".stderr");
    fill_config(task, spawn);
    spawn.set_fenced(request.fenced);
    if (request.fenced) spawn.set_fence_grace_ms(task.grace().count());
  }
  // Nobody reads what it prints. It is gone with the lease, as what it checks.
  void operator()(const core::SpawnCheck& request) const {
    const AttemptId& id = request.id.attempt;
    const HealthSpec& health = *request.spec->tasks[id.task].health;
    supervisor::Spawn& spawn = *message.mutable_spawn();
    spawn.set_key(request.id.text());
    fill_process(core::command_line(*health.command, health.args), *request.spec, id, spawn);
    spawn.set_fenced(request.spec->exclusive);
  }
  void operator()(const core::SignalAttempt& request) const {
    message.mutable_signal()->set_key(request.key);
    message.mutable_signal()->set_signal(request.signal);
  }
  void operator()(const core::KillAttempt& request) const {
    message.mutable_kill()->set_key(request.key);
  }
  void operator()(const core::ForgetAttempt& request) const {
    message.mutable_forget()->set_key(request.key);
  }
  void operator()(const core::SetFence& request) const {
    message.mutable_fence()->set_steady_ms(request.steady_ms);
  }

 private:
  void fill_process(core::CommandLine command, const core::AllocationSpec& spec,
                    const AttemptId& id, supervisor::Spawn& spawn) const {
    const TaskSpec& task = spec.tasks[id.task];
    spawn.set_program(std::move(command.program));
    for (std::string& argument : command.arguments) spawn.add_arguments(std::move(argument));
    for (std::string& entry : core::environment(spec, id, account)) {
      spawn.add_environment(std::move(entry));
    }
    spawn.set_working_dir(task.working_dir ? *task.working_dir : layout.work_of(id.allocation));
    fill_surroundings(task, spawn);
  }
};

}  // namespace

supervisor::Request to_message(const core::SupervisorRequest& request, const state::Layout& layout,
                               const core::Account& account) {
  supervisor::Request message;
  std::visit(Writer{layout, account, message}, request);
  return message;
}

core::SupervisorStatus to_status(const supervisor::Status& message) {
  core::SupervisorStatus status{message.key(),
                                message.started_unix_ms(),
                                message.ended_unix_ms(),
                                std::nullopt,
                                message.fenced(),
                                message.out_of_memory(),
                                message.output_dropped_bytes(),
                                message.started_steady_ms(),
                                message.signalled() || !message.has_signalled(),
                                {message.cpu_us(), 0, message.memory_peak_bytes()}};
  switch (message.end_case()) {
    case supervisor::Status::kExitCode:
      status.cause = core::Exited{message.exit_code()};
      break;
    case supervisor::Status::kSignal:
      status.cause = core::Signalled{message.signal()};
      break;
    case supervisor::Status::kSpawnFailure:
      status.cause =
          core::SpawnFailed{message.spawn_failure().error_number(), message.spawn_failure().step()};
      break;
    case supervisor::Status::END_NOT_SET:
      if (message.ended_unix_ms() != 0) {
        status.cause = core::Lost{"the supervisor does not say how it ended"};
      }
      break;
  }
  return status;
}

}  // namespace drover::agent
