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
    const Place at_group(place, group);
    const Place tasks(at_group, "tasks");
    for (std::size_t task = 0; task < spec.groups[group].tasks.size(); ++task) {
      const Place at(tasks, task);
      if (auto problem = check_task(spec, spec.groups[group].tasks[task], at)) return problem;
    }
  }
  return std::nullopt;
}

}  // namespace drover::http
