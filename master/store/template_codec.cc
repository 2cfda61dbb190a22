#include "master/store/template_codec.h"

#include <chrono>
#include <utility>

#include "common/wire/task_spec.h"

namespace drover::store {
namespace {

Error damaged(const std::string& what) { return {ErrorKind::invalid, what}; }

void to_message(const core::Constraint& constraint, record::Constraint& message) {
  message.set_attribute(constraint.attribute);
  message.set_comparison(static_cast<std::uint32_t>(constraint.comparison));
  message.mutable_values()->Assign(constraint.values.begin(), constraint.values.end());
}

Result<core::Constraint> from_message(const record::Constraint& message) {
  if (message.comparison() > static_cast<std::uint32_t>(core::Operator::greater)) {
    return damaged("a constraint's operator is unknown");
  }
  core::Constraint constraint;
  constraint.attribute = message.attribute();
  constraint.comparison = static_cast<core::Operator>(message.comparison());
  constraint.values.assign(message.values().begin(), message.values().end());
  const bool has_values = constraint.comparison == core::Operator::exists ||
                          constraint.comparison == core::Operator::in || message.values_size() == 1;
  if (!has_values) return damaged("a constraint has no value");
  return constraint;
}

void write_placement(const core::GroupSpec& group, record::GroupSpec& message) {
  for (const core::Constraint& each : group.constraints) {
    to_message(each, *message.add_constraints());
  }
  for (const core::Affinity& each : group.affinity) {
    record::Affinity& affinity = *message.add_affinity();
    to_message(each.to, *affinity.mutable_to());
    affinity.set_weight(each.weight);
  }
  if (group.spread) message.set_spread(*group.spread);
  if (group.pack) message.set_pack(*group.pack);
  if (!group.update) return;
  record::UpdatePolicy& update = *message.mutable_update();
  if (group.update->max_parallel) update.set_max_parallel(*group.update->max_parallel);
  if (group.update->min_healthy_time) {
    update.set_min_healthy_time_ms(group.update->min_healthy_time->count());
  }
  if (group.update->healthy_deadline) {
    update.set_healthy_deadline_ms(group.update->healthy_deadline->count());
  }
}

Status read_placement(const record::GroupSpec& message, core::GroupSpec& group) {
  for (const record::Constraint& each : message.constraints()) {
    auto constraint = from_message(each);
    if (!constraint) return constraint.error();
    group.constraints.push_back(std::move(*constraint));
  }
  for (const record::Affinity& each : message.affinity()) {
    auto to = from_message(each.to());
    if (!to) return to.error();
    group.affinity.push_back({std::move(*to), each.weight()});
  }
  if (message.has_spread()) group.spread = message.spread();
  if (message.has_pack()) group.pack = message.pack();
  if (!message.has_update()) return Done{};
  const record::UpdatePolicy& update = message.update();
  core::UpdatePolicy& policy = group.update.emplace();
  if (update.has_max_parallel()) policy.max_parallel = update.max_parallel();
  if (update.has_min_healthy_time_ms()) {
    policy.min_healthy_time = std::chrono::milliseconds(update.min_healthy_time_ms());
  }
  if (update.has_healthy_deadline_ms()) {
    policy.healthy_deadline = std::chrono::milliseconds(update.healthy_deadline_ms());
  }
  return Done{};
}

void to_message(const core::GroupSpec& group, record::GroupSpec& message) {
  for (const TaskSpec& task : group.tasks) wire::write(task, *message.add_tasks());
  if (group.reschedule) message.set_reschedule(static_cast<std::uint32_t>(*group.reschedule));
  if (group.name) message.set_name(*group.name);
  if (group.count) message.set_count(*group.count);
  if (group.exclusive) message.set_exclusive(*group.exclusive);
  if (group.lost_after) message.set_lost_after_ms(group.lost_after->count());
  if (group.on_return) message.set_on_return(static_cast<std::uint32_t>(*group.on_return));
  if (group.on_task_failure) {
    message.set_on_task_failure(static_cast<std::uint32_t>(*group.on_task_failure));
  }
  write_placement(group, message);
}

Result<core::GroupSpec> from_message(const record::GroupSpec& message) {
  if (message.reschedule() > static_cast<std::uint32_t>(RestartPolicy::always) ||
      message.on_return() > static_cast<std::uint32_t>(core::OnReturn::keep_original) ||
      message.on_task_failure() > static_cast<std::uint32_t>(OnTaskFailure::stop_group)) {
    return damaged("a group's policy, or choice at a return or a failure, is unknown");
  }
  core::GroupSpec group;
  for (const v1::TaskSpec& task : message.tasks()) group.tasks.push_back(wire::read(task));
  if (message.has_reschedule()) {
    group.reschedule = static_cast<RestartPolicy>(message.reschedule());
  }
  if (message.has_name()) group.name = message.name();
  if (message.has_count()) group.count = message.count();
  if (message.has_exclusive()) group.exclusive = message.exclusive();
  if (message.has_lost_after_ms()) {
    group.lost_after = std::chrono::milliseconds(message.lost_after_ms());
  }
  if (message.has_on_return()) group.on_return = static_cast<core::OnReturn>(message.on_return());
  if (message.has_on_task_failure()) {
    group.on_task_failure = static_cast<OnTaskFailure>(message.on_task_failure());
  }
  if (auto done = read_placement(message, group); !done) return done.error();
  return group;
}

void to_message(const core::ScheduleSpec& schedule, record::Schedule& message) {
  message.set_cron(schedule.cron);
  if (schedule.time_zone) message.set_time_zone(*schedule.time_zone);
  if (schedule.overlap) message.set_overlap(static_cast<std::uint32_t>(*schedule.overlap));
}

Result<core::ScheduleSpec> from_message(const record::Schedule& message) {
  if (message.overlap() > static_cast<std::uint32_t>(core::Overlap::allow)) {
    return damaged("a schedule's choice at an overlap is unknown");
  }
  core::ScheduleSpec schedule;
  schedule.cron = message.cron();
  if (message.has_time_zone()) schedule.time_zone = message.time_zone();
  if (message.has_overlap()) schedule.overlap = static_cast<core::Overlap>(message.overlap());
  return schedule;
}

}  // namespace

void write(const core::TemplateSpec& spec, record::TemplateSpec& message) {
  message.set_name(spec.name);
  for (const core::GroupSpec& group : spec.groups) to_message(group, *message.add_groups());
  if (spec.kind) message.set_kind(static_cast<std::uint32_t>(*spec.kind));
  if (spec.priority) message.set_priority(*spec.priority);
  if (spec.gang) message.set_gang(*spec.gang);
  if (spec.schedule) to_message(*spec.schedule, *message.mutable_schedule());
  message.mutable_labels()->insert(spec.labels.begin(), spec.labels.end());
  message.set_has_parameters(spec.parameters.has_value());
  if (!spec.parameters) return;
  for (const auto& [name, parameter] : *spec.parameters) {
    record::Parameter& each = (*message.mutable_parameters())[name];
    if (parameter.default_value) each.set_default_value(*parameter.default_value);
    each.set_description(parameter.description);
  }
}

Result<core::TemplateSpec> read(const record::TemplateSpec& message) {
  core::TemplateSpec spec;
  spec.name = message.name();
  for (const record::GroupSpec& group : message.groups()) {
    auto each = from_message(group);
    if (!each) return each.error();
    spec.groups.push_back(std::move(*each));
  }
  if (message.kind() > static_cast<std::uint32_t>(core::Kind::system)) {
    return damaged("a template's kind is unknown");
  }
  if (message.has_kind()) spec.kind = static_cast<core::Kind>(message.kind());
  if (message.has_priority()) spec.priority = message.priority();
  if (message.has_gang()) spec.gang = message.gang();
  if (message.has_schedule()) {
    auto schedule = from_message(message.schedule());
    if (!schedule) return schedule.error();
    spec.schedule = std::move(*schedule);
  }
  spec.labels.insert(message.labels().begin(), message.labels().end());
  if (!message.has_parameters()) return spec;
  spec.parameters.emplace();
  for (const auto& [name, each] : message.parameters()) {
    core::Parameter& parameter = (*spec.parameters)[name];
    if (each.has_default_value()) parameter.default_value = each.default_value();
    parameter.description = each.description();
  }
  return spec;
}

}  // namespace drover::store
