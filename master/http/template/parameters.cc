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
    {"default", optional, read_default, schema::text, R"("10")", "The value where none is given. Without: one must be given"},
    {"description", optional, read_description, schema::text, R"("lines for each part")", "For people"},
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

// Of a shell line the shell takes the references for variables.
MaybeProblem check_program(const TemplateSpec& spec, const std::string& command,
                           const std::optional<std::vector<std::string>>& args,
                           const Place& place) {
  if (!args) return std::nullopt;
  if (auto problem = check_reference(spec, command, Place(place, "command"))) return problem;
  const Place each(place, "args");
  for (std::size_t i = 0; i < args->size(); ++i) {
    if (auto problem = check_reference(spec, (*args)[i], Place(each, i))) return problem;
  }
  return std::nullopt;
}

MaybeProblem check_health(const TemplateSpec& spec, const HealthSpec& health, const Place& place) {
  auto problem = check_reference(spec, health.http.value_or(""), Place(place, "http"));
  if (problem) return problem;
  problem = check_reference(spec, health.tcp.value_or(""), Place(place, "tcp"));
  if (problem) return problem;
  return check_program(spec, health.command.value_or(""), health.args, place);
}

MaybeProblem check_task(const TemplateSpec& spec, const TaskSpec& task, const Place& place) {
  const Place config(place, "config");
  const Place env(config, "env");
  for (const auto& [name, value] : task.env) {
    if (auto problem = check_reference(spec, value, Place(env, name))) return problem;
  }
  if (auto problem = check_program(spec, task.command, task.args, config)) return problem;
  return task.health ? check_health(spec, *task.health, Place(place, "health")) : std::nullopt;
}

MaybeProblem check_constraint(const TemplateSpec& spec, const core::Constraint& constraint,
                              const Place& place) {
  for (const std::string& value : constraint.values) {
    if (auto problem = check_reference(spec, value, place)) return problem;
  }
  return std::nullopt;
}

// `check` of each element of the list at `place`.
template <class Element, class Check>
MaybeProblem check_each(const std::vector<Element>& list, const Place& place, Check check) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Place at(place, i);
    if (auto problem = check(list[i], at)) return problem;
  }
  return std::nullopt;
}

MaybeProblem check_group(const TemplateSpec& spec, const core::GroupSpec& group,
                         const Place& place) {
  auto problem = check_each(group.constraints, Place(place, "constraints"),
                            [&spec](const core::Constraint& each, const Place& at) {
                              return check_constraint(spec, each, at);
                            });
  if (problem) return problem;
  problem = check_each(group.affinity, Place(place, "affinity"),
                       [&spec](const core::Affinity& each, const Place& at) {
                         return check_constraint(spec, each.to, at);
                       });
  if (problem) return problem;
  return check_each(
      group.tasks, Place(place, "tasks"),
      [&spec](const TaskSpec& each, const Place& at) { return check_task(spec, each, at); });
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
  return check_each(spec.groups, place, [&spec](const core::GroupSpec& each, const Place& at) {
    return check_group(spec, each, at);
  });
}

}  // namespace drover::http
