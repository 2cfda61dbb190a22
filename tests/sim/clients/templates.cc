#include "tests/sim/clients/templates.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

#include "tests/sim/node/task.h"

namespace drover::sim {
namespace {

using std::chrono::milliseconds;

TaskBehaviour random_behaviour(Random& random) {
  TaskBehaviour task;
  switch (random.below(5)) {
    case 0:  // a service: it runs until it is ended
      break;
    case 1:  // over at once
      task.runs_ms = random.between(1, 50);
      break;
    default:
      task.runs_ms = random.between(100, 60'000);
  }
  if (random.chance(0.3)) task.exit_code = static_cast<int>(random.between(1, 125));
  task.on_term_ms = random.chance(0.2) ? -1 : random.between(0, 500);
  task.exits_on_term = random.chance(0.3);
  if (random.chance(0.03)) task.spawn_error = random.chance(0.5) ? ENOENT : EACCES;
  if (random.chance(0.2)) task.fails_first = static_cast<std::uint32_t>(random.between(1, 3));
  return task;
}

RestartSpec random_restart(Random& random) {
  RestartSpec restart;
  restart.policy = static_cast<RestartPolicy>(random.below(3));
  if (random.chance(0.5)) restart.attempts = static_cast<std::uint32_t>(random.between(1, 6));
  if (random.chance(0.4)) restart.within = milliseconds(random.between(1'000, 60'000));
  if (random.chance(0.4)) restart.delay = milliseconds(random.between(1'000, 5'000));
  if (random.chance(0.4)) restart.max_delay = milliseconds(random.between(5'000, 10'000));
  return restart;
}

// With or without its own, with or without 0.
std::vector<std::int32_t> random_codes(int own, Random& random) {
  std::vector<std::int32_t> codes{random.chance(0.7) ? own : own + 1};
  if (random.chance(0.5)) codes.push_back(0);
  return codes;
}

HealthSpec random_health(Random& random) {
  HealthSpec health;
  const int fails_of_hundred =
      static_cast<int>(random.chance(0.5) ? random.between(1, 10) : random.between(30, 100));
  if (random.chance(0.5)) {
    TaskBehaviour check;
    check.runs_ms = random.chance(0.1) ? 0 : random.between(1, 1'000);  // 0: it never answers
    check.exit_code = fails_of_hundred;
    health.command = kTaskProgram;
    health.args = arguments_of(check);
  } else {
    health.tcp = "127.0.0.1:" + std::to_string(fails_of_hundred);
  }
  health.interval = milliseconds(random.between(200, 5'000));
  if (random.chance(0.7)) health.timeout = milliseconds(random.between(100, 2'000));
  if (random.chance(0.3)) health.start_period = milliseconds(random.between(1'000, 20'000));
  if (random.chance(0.4)) health.healthy_after = static_cast<std::uint32_t>(random.between(1, 3));
  if (random.chance(0.7)) health.unhealthy_after = static_cast<std::uint32_t>(random.between(1, 4));
  if (random.chance(0.4)) health.on_unhealthy = OnUnhealthy::report;
  return health;
}

TaskSpec random_task(const std::string& name, Random& random) {
  TaskSpec task;
  task.name = name;
  task.command = kTaskProgram;
  const TaskBehaviour behaviour = random_behaviour(random);
  task.args = arguments_of(behaviour);
  if (random.chance(0.5)) task.stop_grace = milliseconds(random.between(100, 5'000));
  if (random.chance(0.2)) task.timeout = milliseconds(random.between(100, 30'000));
  if (random.chance(0.2)) task.stop_signal = random.chance(0.5) ? "SIGINT" : "SIGQUIT";
  if (random.chance(0.4)) task.restart = random_restart(random);
  if (random.chance(0.2)) task.health = random_health(random);
  if (random.chance(0.2)) task.success_exit_codes = random_codes(behaviour.exit_code, random);
  return task;
}

TaskResources random_resources(Random& random) {
  TaskResources resources;
  if (random.chance(0.8)) resources.cpu_thousandths = random.between(100, 2'000);
  if (random.chance(0.5)) resources.memory_bytes = random.between(64, 4'000) << 20;
  return resources;
}

void add_wishes(core::GroupSpec& group, Random& random) {
  if (random.chance(0.5)) {
    for (TaskSpec& task : group.tasks) task.resources = random_resources(random);
  }
  const core::Constraint zone{
      "label.zone", core::Operator::equal, {random.chance(0.5) ? "odd" : "even"}};
  if (random.chance(0.2)) group.constraints.push_back(zone);
  if (random.chance(0.2)) group.affinity.push_back({zone, random.chance(0.5) ? 100 : -50});
  if (random.chance(0.2)) group.spread = random.chance(0.5) ? "label.zone" : "node.id";
  if (!group.spread && random.chance(0.2)) group.pack = "label.zone";
}

// Each task waits for some of those before it, or for none.
void add_order(core::GroupSpec& group, Random& random) {
  for (std::size_t task = 1; task < group.tasks.size(); ++task) {
    for (std::size_t before = 0; before < task; ++before) {
      if (!random.chance(0.4)) continue;
      const bool is_quick = random.chance(0.4);
      const Awaited quick =
          group.tasks[before].health && random.chance(0.7) ? Awaited::healthy : Awaited::started;
      group.tasks[task].after[group.tasks[before].name] = is_quick ? quick : Awaited::succeeded;
    }
  }
  if (random.chance(0.5)) std::reverse(group.tasks.begin(), group.tasks.end());
}

core::GroupSpec random_group(Random& random) {
  static const std::vector<std::optional<milliseconds>> kLostAfter{
      std::nullopt, std::nullopt, milliseconds(0), milliseconds(5'000), milliseconds(20'000)};
  core::GroupSpec group;
  const auto tasks = random.chance(0.2) ? 3 : random.between(1, 2);
  for (int task = 0; task < tasks; ++task) {
    group.tasks.push_back(random_task("task" + std::to_string(task), random));
  }
  if (random.chance(0.5)) add_order(group, random);
  if (random.chance(0.3)) group.on_task_failure = OnTaskFailure::stop_group;
  if (random.chance(0.9)) group.reschedule = static_cast<RestartPolicy>(random.below(3));
  group.exclusive = random.chance(0.35);
  group.lost_after = random.pick(kLostAfter);
  if (random.chance(0.3)) group.on_return = core::OnReturn::keep_original;
  if (random.chance(0.2)) group.count = static_cast<std::uint32_t>(random.between(2, 4));
  add_wishes(group, random);
  return group;
}

// What has a meaning for a copy on each node.
void make_system(core::TemplateSpec& spec) {
  spec.kind = core::Kind::system;
  spec.gang.reset();
  for (core::GroupSpec& group : spec.groups) {
    group.count.reset();
    group.spread.reset();
    group.pack.reset();
    group.affinity.clear();
    group.on_return.reset();
  }
}

}  // namespace

core::TemplateSpec random_template(const std::string& name, Random& random) {
  core::TemplateSpec spec;
  spec.name = name;
  if (random.chance(0.2)) spec.kind = core::Kind::service;
  const bool is_system = random.chance(0.15);
  if (random.chance(0.3)) spec.priority = static_cast<std::uint32_t>(random.below(101));
  if (random.chance(0.2)) spec.gang = true;
  const auto groups = random.chance(0.7) ? 1 : random.between(2, 3);
  for (int group = 0; group < groups; ++group) spec.groups.push_back(random_group(random));
  if (is_system) make_system(spec);
  return spec;
}

core::TemplateSpec random_scheduled_template(const std::string& name, Random& random) {
  core::TemplateSpec spec = random_template(name, random);
  if (spec.kind) spec.kind = core::Kind::batch;
  spec.schedule = core::ScheduleSpec{"* * * * *"};
  if (random.chance(0.5)) spec.schedule->overlap = core::Overlap::allow;
  return spec;
}

}  // namespace drover::sim
