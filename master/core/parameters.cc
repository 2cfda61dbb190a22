#include "master/core/parameters.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace drover::core {
namespace {

// One ${name} of a text.
struct Reference {
  std::size_t begin = 0;  // of "${", or of the "$" that says that it is none
  std::size_t end = 0;    // behind the "}"
  std::string_view name;
  bool escaped = false;
};

std::optional<Reference> next_reference(std::string_view text, std::size_t from) {
  const std::size_t open = text.find("${", from);
  if (open == std::string_view::npos) return std::nullopt;
  const std::size_t close = text.find('}', open);
  if (close == std::string_view::npos) return std::nullopt;
  const bool escaped = open > from && text[open - 1] == '$';
  return Reference{escaped ? open - 1 : open, close + 1, text.substr(open + 2, close - open - 2),
                   escaped};
}

std::string substitute(std::string_view text, const ParameterValues& values) {
  std::string out;
  std::size_t place = 0;
  while (const auto reference = next_reference(text, place)) {
    out.append(text.substr(place, reference->begin - place));
    const auto value = values.find(std::string(reference->name));
    if (reference->escaped) {
      out.append("${").append(reference->name).append("}");
    } else if (value != values.end()) {
      out.append(value->second);
    }
    place = reference->end;
  }
  return out.append(text.substr(place));
}

// Of a shell line the shell takes the references for variables.
void resolve_program(std::string& command, std::optional<std::vector<std::string>>& args,
                     const ParameterValues& values) {
  if (!args) return;
  command = substitute(command, values);
  for (std::string& argument : *args) argument = substitute(argument, values);
}

void resolve_health(HealthSpec& health, const ParameterValues& values) {
  if (health.http) health.http = substitute(*health.http, values);
  if (health.tcp) health.tcp = substitute(*health.tcp, values);
  if (health.command) resolve_program(*health.command, health.args, values);
}

void resolve_task(TaskSpec& task, const ParameterValues& values) {
  for (auto& [name, value] : task.env) value = substitute(value, values);
  resolve_program(task.command, task.args, values);
  if (task.health) resolve_health(*task.health, values);
  const bool has_line = !task.args || (task.health && task.health->command && !task.health->args);
  if (has_line) task.env.insert(values.begin(), values.end());
}

void resolve_constraint(Constraint& constraint, const ParameterValues& values) {
  for (std::string& value : constraint.values) value = substitute(value, values);
}

void resolve_group(GroupSpec& group, const ParameterValues& values) {
  for (Constraint& constraint : group.constraints) resolve_constraint(constraint, values);
  for (Affinity& affinity : group.affinity) resolve_constraint(affinity.to, values);
  for (TaskSpec& task : group.tasks) resolve_task(task, values);
}

}  // namespace

std::optional<std::string> unknown_reference(const TemplateSpec& spec, std::string_view text) {
  if (!spec.parameters) return std::nullopt;
  std::size_t place = 0;
  while (const auto reference = next_reference(text, place)) {
    const std::string name(reference->name);
    if (!reference->escaped && !spec.parameters->contains(name)) return name;
    place = reference->end;
  }
  return std::nullopt;
}

std::optional<ValueProblem> check_values(const TemplateSpec& spec, const ParameterValues& given) {
  static const std::map<std::string, Parameter> kNone;
  const auto& declared = spec.parameters ? *spec.parameters : kNone;
  for (const auto& [name, value] : given) {
    if (declared.contains(name)) continue;
    std::string known;
    for (const auto& [each, parameter] : declared) known += (known.empty() ? "" : ", ") + each;
    return ValueProblem{name, known.empty() ? "the template declares no parameters; leave it out"
                                            : "no such parameter; declared are: " + known};
  }
  for (const auto& [name, parameter] : declared) {
    if (parameter.default_value || given.contains(name)) continue;
    return ValueProblem{name, "is missing, and the template has no default for it; give a value"};
  }
  return std::nullopt;
}

ParameterValues with_defaults(const TemplateSpec& spec, const ParameterValues& given) {
  ParameterValues values = given;
  if (!spec.parameters) return values;
  for (const auto& [name, parameter] : *spec.parameters) {
    if (parameter.default_value) values.emplace(name, *parameter.default_value);
  }
  return values;
}

Ptr<Template> resolve(const Ptr<Template>& from, const ParameterValues& values) {
  const bool keeps_running = from->spec.is_kept_running();
  if (values.empty() && !keeps_running) return from;
  Template resolved;
  resolved.spec = from->spec;
  resolved.version = from->version;
  resolved.changed = from->changed;
  for (GroupSpec& group : resolved.spec.groups) {
    if (keeps_running && !group.reschedule) group.reschedule = RestartPolicy::always;
    if (!values.empty()) resolve_group(group, values);
  }
  return std::make_shared<const Template>(std::move(resolved));
}

}  // namespace drover::core
