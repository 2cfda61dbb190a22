#include "master/http/template/parameters.h"

#include <array>

#include "common/limits.h"
#include "master/core/parameters.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;
using core::Parameter;
using core::TemplateSpec;

namespace {

MaybeProblem read_default(const json::value& value, const Place& place, Parameter& parameter) {
  return read_string(value, place, limits::kParameterBytes, parameter.default_value.emplace());
}

MaybeProblem read_description(const json::value& value, const Place& place, Parameter& parameter) {
  return read_text(value, place, limits::kParameterBytes, parameter.description);
}

using enum Presence;

// clang-format off
constexpr std::array kParameterFields = std::to_array<Field<Parameter>>({
    {"default", optional, read_default, R"("10")", "The value where none is given. Without: one must be given"},
    {"description", optional, read_description, R"("lines for each part")", "For people"},
});
// clang-format on

MaybeProblem check_reference(const TemplateSpec& spec, std::string_view text, const Place& place) {
  const auto name = core::unknown_reference(spec, text);
  if (!name) return std::nullopt;
  auto problem =
      problem_at(place, Code::invalid_value,
                 "${" + *name + "} is no parameter of the template; declare it, or write $${" +
                     *name + "} for the text itself");
  problem.example_shown = true;
  return problem;
}

MaybeProblem check_task(const TemplateSpec& spec, const TaskSpec& task, const Place& place) {
  const Place config(place, "config");
  const Place env(config, "env");
  for (const auto& [name, value] : task.env) {
    if (auto problem = check_reference(spec, value, Place(env, name))) return problem;
  }
  if (!task.args) return std::nullopt;
  if (auto problem = check_reference(spec, task.command, Place(config, "command"))) return problem;
  const Place args(config, "args");
  for (std::size_t i = 0; i < task.args->size(); ++i) {
    if (auto problem = check_reference(spec, (*task.args)[i], Place(args, i))) return problem;
  }
  return std::nullopt;
}

MaybeProblem check_constraint(const TemplateSpec& spec, const core::Constraint& constraint,
                              const Place& place) {
  for (const std::string& value : constraint.values) {
    if (auto problem = check_reference(spec, value, place)) return problem;
  }
  return std::nullopt;
}

MaybeProblem check_group(const TemplateSpec& spec, const core::GroupSpec& group,
                         const Place& place) {
  const Place constraints(place, "constraints");
  for (std::size_t i = 0; i < group.constraints.size(); ++i) {
    const Place at(constraints, i);
    if (auto problem = check_constraint(spec, group.constraints[i], at)) return problem;
  }
  const Place affinity(place, "affinity");
  for (std::size_t i = 0; i < group.affinity.size(); ++i) {
    const Place at(affinity, i);
    if (auto problem = check_constraint(spec, group.affinity[i].to, at)) return problem;
  }
  const Place tasks(place, "tasks");
  for (std::size_t i = 0; i < group.tasks.size(); ++i) {
    const Place at(tasks, i);
    if (auto problem = check_task(spec, group.tasks[i], at)) return problem;
  }
  return std::nullopt;
}

}  // namespace

Fields<Parameter> parameter_fields() { return kParameterFields; }

MaybeProblem read_parameters(const json::value& value, const Place& place, TemplateSpec& spec) {
  auto& declared = spec.parameters.emplace();
  return read_members(value, place, {limits::kParameters, "parameters", check_variable},
                      [&](const std::string& name, const json::value& member, const Place& at) {
                        return read_fields(member, at, parameter_fields(), declared[name]);
                      });
}

MaybeProblem check_references(const TemplateSpec& spec, const Place& place) {
  for (std::size_t group = 0; group < spec.groups.size(); ++group) {
    const Place at(place, group);
    if (auto problem = check_group(spec, spec.groups[group], at)) return problem;
  }
  return std::nullopt;
}

}  // namespace drover::http
