#include "common/wire/task_spec.h"

namespace drover::wire {

using std::chrono::milliseconds;

namespace {

void write(const TaskResources& resources, v1::TaskResources& message) {
  if (resources.cpu_thousandths) message.set_cpu_thousandths(*resources.cpu_thousandths);
  if (resources.memory_bytes) message.set_memory_bytes(*resources.memory_bytes);
  if (resources.cpu_limit) message.set_cpu_hard(*resources.cpu_limit == CpuLimit::hard);
}

TaskResources read(const v1::TaskResources& message) {
  TaskResources resources;
  if (message.has_cpu_thousandths()) resources.cpu_thousandths = message.cpu_thousandths();
  if (message.has_memory_bytes()) resources.memory_bytes = message.memory_bytes();
  if (message.has_cpu_hard()) {
    resources.cpu_limit = message.cpu_hard() ? CpuLimit::hard : CpuLimit::share;
  }
  return resources;
}

void write(const LogSpec& logs, v1::Logs& message) {
  if (logs.size_bytes) message.set_size_bytes(*logs.size_bytes);
  if (logs.files) message.set_files(*logs.files);
}

LogSpec read(const v1::Logs& message) {
  LogSpec logs;
  if (message.has_size_bytes()) logs.size_bytes = message.size_bytes();
  if (message.has_files()) logs.files = message.files();
  return logs;
}

void write(const RestartSpec& restart, v1::Restart& message) {
  message.set_policy(static_cast<std::uint32_t>(restart.policy));
  if (restart.attempts) message.set_attempts(*restart.attempts);
  if (restart.within) message.set_within_ms(restart.within->count());
  if (restart.delay) message.set_delay_ms(restart.delay->count());
  if (restart.max_delay) message.set_max_delay_ms(restart.max_delay->count());
}

// A policy of another version restarts nothing.
RestartSpec read(const v1::Restart& message) {
  RestartSpec restart;
  if (message.policy() <= static_cast<std::uint32_t>(RestartPolicy::always)) {
    restart.policy = static_cast<RestartPolicy>(message.policy());
  }
  if (message.has_attempts()) restart.attempts = message.attempts();
  if (message.has_within_ms()) restart.within = milliseconds(message.within_ms());
  if (message.has_delay_ms()) restart.delay = milliseconds(message.delay_ms());
  if (message.has_max_delay_ms()) restart.max_delay = milliseconds(message.max_delay_ms());
  return restart;
}

// What another version waits for is at least that there is a process.
Awaited read_awaited(std::uint32_t number) {
  const bool known = number <= static_cast<std::uint32_t>(Awaited::healthy);
  return known ? static_cast<Awaited>(number) : Awaited::started;
}

void write(const HealthSpec& health, v1::HealthCheck& message) {
  if (health.command) message.set_command(*health.command);
  if (health.http) message.set_http(*health.http);
  if (health.tcp) message.set_tcp(*health.tcp);
  message.set_has_args(health.args.has_value());
  if (health.args) message.mutable_args()->Assign(health.args->begin(), health.args->end());
  if (health.interval) message.set_interval_ms(health.interval->count());
  if (health.timeout) message.set_timeout_ms(health.timeout->count());
  if (health.start_period) message.set_start_period_ms(health.start_period->count());
  if (health.healthy_after) message.set_healthy_after(*health.healthy_after);
  if (health.unhealthy_after) message.set_unhealthy_after(*health.unhealthy_after);
  if (health.on_unhealthy) {
    message.set_on_unhealthy(static_cast<std::uint32_t>(*health.on_unhealthy));
  }
}

HealthSpec read(const v1::HealthCheck& message) {
  HealthSpec health;
  if (message.has_command()) health.command = message.command();
  if (message.has_http()) health.http = message.http();
  if (message.has_tcp()) health.tcp = message.tcp();
  if (message.has_args()) health.args.emplace(message.args().begin(), message.args().end());
  if (message.has_interval_ms()) health.interval = milliseconds(message.interval_ms());
  if (message.has_timeout_ms()) health.timeout = milliseconds(message.timeout_ms());
  if (message.has_start_period_ms()) health.start_period = milliseconds(message.start_period_ms());
  if (message.has_healthy_after()) health.healthy_after = message.healthy_after();
  if (message.has_unhealthy_after()) health.unhealthy_after = message.unhealthy_after();
  if (message.has_on_unhealthy()) {
    // What another version does is no reason to end anything.
    const bool ends = message.on_unhealthy() == static_cast<std::uint32_t>(OnUnhealthy::restart);
    health.on_unhealthy = ends ? OnUnhealthy::restart : OnUnhealthy::report;
  }
  return health;
}

}  // namespace

void write(const TaskSpec& task, v1::TaskSpec& message) {
  message.set_name(task.name);
  message.set_command(task.command);
  message.set_has_args(task.args.has_value());
  if (task.args) message.mutable_args()->Assign(task.args->begin(), task.args->end());
  message.mutable_env()->insert(task.env.begin(), task.env.end());
  if (task.working_dir) message.set_working_dir(*task.working_dir);
  if (task.stop_grace) message.set_stop_grace_ms(task.stop_grace->count());
  if (task.user) message.set_user(*task.user);
  if (task.stop_signal) message.set_stop_signal(*task.stop_signal);
  if (task.timeout) message.set_timeout_ms(task.timeout->count());
  if (task.umask) message.set_umask(*task.umask);
  message.mutable_limits()->insert(task.limits.begin(), task.limits.end());
  if (task.input) message.set_input(*task.input);
  message.set_has_success_exit_codes(task.success_exit_codes.has_value());
  if (task.success_exit_codes) {
    message.mutable_success_exit_codes()->Assign(task.success_exit_codes->begin(),
                                                 task.success_exit_codes->end());
  }
  if (task.resources) write(*task.resources, *message.mutable_resources());
  if (task.logs) write(*task.logs, *message.mutable_logs());
  if (task.restart) write(*task.restart, *message.mutable_restart());
  for (const auto& [name, awaited] : task.after) {
    (*message.mutable_after())[name] = static_cast<std::uint32_t>(awaited);
  }
  if (task.health) write(*task.health, *message.mutable_health());
}

TaskSpec read(const v1::TaskSpec& message) {
  TaskSpec task;
  task.name = message.name();
  task.command = message.command();
  if (message.has_args()) task.args.emplace(message.args().begin(), message.args().end());
  task.env.insert(message.env().begin(), message.env().end());
  if (message.has_working_dir()) task.working_dir = message.working_dir();
  if (message.has_stop_grace_ms()) task.stop_grace = milliseconds(message.stop_grace_ms());
  if (message.has_user()) task.user = message.user();
  if (message.has_stop_signal()) task.stop_signal = message.stop_signal();
  if (message.has_timeout_ms()) task.timeout = milliseconds(message.timeout_ms());
  if (message.has_umask()) task.umask = message.umask();
  task.limits.insert(message.limits().begin(), message.limits().end());
  if (message.has_input()) task.input = message.input();
  if (message.has_success_exit_codes()) {
    task.success_exit_codes.emplace(message.success_exit_codes().begin(),
                                    message.success_exit_codes().end());
  }
  if (message.has_resources()) task.resources = read(message.resources());
  if (message.has_logs()) task.logs = read(message.logs());
  if (message.has_restart()) task.restart = read(message.restart());
  for (const auto& [name, awaited] : message.after()) task.after[name] = read_awaited(awaited);
  if (message.has_health()) task.health = read(message.health());
  return task;
}

EndReason read(v1::EndReason reason) {
  const int number = static_cast<int>(reason);
  const bool known = number >= 0 && number <= static_cast<int>(EndReason::restart);
  return known ? static_cast<EndReason>(number) : EndReason::itself;
}

Health read_health(std::uint32_t number) {
  const bool known = number <= static_cast<std::uint32_t>(Health::unhealthy);
  return known ? static_cast<Health>(number) : Health::unknown;
}

v1::EndReason write(EndReason reason) {
  return static_cast<v1::EndReason>(static_cast<int>(reason));
}

void write(const ResourceUse& used, v1::ResourceUse& message) {
  message.set_cpu_us(used.cpu_us);
  message.set_memory_bytes(used.memory_bytes);
  message.set_memory_peak_bytes(used.memory_peak_bytes);
}

ResourceUse read(const v1::ResourceUse& message) {
  return {message.cpu_us(), message.memory_bytes(), message.memory_peak_bytes()};
}

}  // namespace drover::wire
