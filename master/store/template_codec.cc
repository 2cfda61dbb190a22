#include "master/store/template_codec.h"

#include <chrono>
#include <utility>

#include "common/wire/task_spec.h"

namespace drover::store {
namespace {

Error damaged(const std::string& what) { return {ErrorKind::invalid, what}; }

void to_message(const core::GroupSpec& group, record::GroupSpec& message) {
  for (const TaskSpec& task : group.tasks) wire::write(task, *message.add_tasks());
  if (group.reschedule) message.set_reschedule(static_cast<std::uint32_t>(*group.reschedule));
  if (group.name) message.set_name(*group.name);
  if (group.count) message.set_count(*group.count);
  if (group.exclusive) message.set_exclusive(*group.exclusive);
  if (group.lost_after) message.set_lost_after_ms(group.lost_after->count());
  if (group.on_return) message.set_on_return(static_cast<std::uint32_t>(*group.on_return));
}

Result<core::GroupSpec> from_message(const record::GroupSpec& message) {
  if (message.reschedule() > static_cast<std::uint32_t>(RestartPolicy::always) ||
      message.on_return() > static_cast<std::uint32_t>(core::OnReturn::keep_original)) {
    return damaged("a group's policy or choice at a return is unknown");
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
  return group;
}

}  // namespace

void write(const core::TemplateSpec& spec, record::TemplateSpec& message) {
  message.set_name(spec.name);
  for (const core::GroupSpec& group : spec.groups) to_message(group, *message.add_groups());
  if (spec.kind) message.set_kind(static_cast<std::uint32_t>(*spec.kind));
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
  if (message.kind() > static_cast<std::uint32_t>(core::Kind::service)) {
    return damaged("a template's kind is unknown");
  }
  if (message.has_kind()) spec.kind = static_cast<core::Kind>(message.kind());
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
