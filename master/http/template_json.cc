#include "master/http/template_json.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <unordered_map>

#include "common/duration.h"
#include "common/limits.h"
#include "master/http/json_fields.h"
#include "master/http/json_reader.h"
#include "master/http/json_text.h"

namespace drover::http {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 2> kTemplateFields = {"name", "task_groups"};
constexpr std::array<std::string_view, 5> kGroupFields = {"tasks", "restart", "exclusive",
                                                          "lost_after", "on_return"};
constexpr std::array<std::string_view, 1> kRestartFields = {"policy"};
constexpr std::array<std::string_view, 2> kTaskFields = {"name", "config"};
constexpr std::array<std::string_view, 5> kConfigFields = {"command", "args", "env", "working_dir",
                                                           "stop_grace"};
constexpr std::array<std::string_view, 1> kNameField = {"name"};
constexpr std::array<std::string_view, 1> kIdField = {"id"};

// The fields of an object that need not be there, each with its reader.
template <class Target>
struct OptionalField {
  std::string_view name;
  MaybeProblem (*read)(const json::value&, const Place&, Target&);
};

template <class Target, std::size_t count>
MaybeProblem read_optional(const json::object& object, const Place& place,
                           const std::array<OptionalField<Target>, count>& fields, Target& target) {
  for (const auto& [name, read] : fields) {
    const json::value* field = object.if_contains(json::string_view(name.data(), name.size()));
    if (field == nullptr) continue;
    const Place at(place, name);
    if (auto problem = read(*field, at, target)) return problem;
  }
  return std::nullopt;
}

MaybeProblem read_args(const json::value& value, const Place& place, core::TaskSpec& task) {
  const json::array* elements = nullptr;
  if (auto problem = read_array(value, place, limits::kArguments, Emptiness::allowed, elements)) {
    return problem;
  }
  task.args.emplace(elements->size());
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const Place at(place, i);
    if (auto problem = read_string((*elements)[i], at, limits::kCommandBytes, (*task.args)[i])) {
      return problem;
    }
  }
  return std::nullopt;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

MaybeProblem check_variable(std::string_view name, const Place& place) {
  bool valid = !name.empty() && is_letter(name.front());
  for (const char c : name) valid = valid && (is_letter(c) || (c >= '0' && c <= '9'));
  if (!valid) {
    return problem_at(place, Code::invalid_value,
                      "no name of an environment variable; use letters, digits and _, no digit "
                      "first");
  }
  if (name.starts_with("DROVER_")) {
    return problem_at(place, Code::invalid_value,
                      "names that begin with DROVER_ are set by Drover; use another");
  }
  return std::nullopt;
}

MaybeProblem read_env(const json::value& value, const Place& place, core::TaskSpec& task) {
  const json::object* variables = value.if_object();
  if (variables == nullptr) {
    return problem_at(place, Code::wrong_type,
                      "expected an object, found " + std::string(kind_name(value)));
  }
  if (variables->size() > limits::kEnvironmentEntries) {
    return problem_at(place, Code::invalid_value,
                      std::to_string(variables->size()) + " entries; at most " +
                          std::to_string(limits::kEnvironmentEntries) + " are allowed");
  }
  for (const json::key_value_pair& variable : *variables) {
    const std::string_view name(variable.key().data(), variable.key().size());
    const Place at(place, name);
    if (auto problem = check_variable(name, at)) return problem;
    std::string& text = task.env[std::string(name)];
    if (auto problem = read_string(variable.value(), at, limits::kCommandBytes, text)) {
      return problem;
    }
  }
  return std::nullopt;
}

MaybeProblem read_working_dir(const json::value& value, const Place& place, core::TaskSpec& task) {
  constexpr std::size_t kLongestPath = 4095;  // PATH_MAX less the terminating NUL
  if (auto problem = read_text(value, place, kLongestPath, task.working_dir.emplace())) {
    return problem;
  }
  if (task.working_dir->front() == '/') return std::nullopt;
  return problem_at(place, Code::invalid_value, "must be an absolute path; begin it with /");
}

MaybeProblem read_duration(const json::value& value, const Place& place, std::chrono::hours longest,
                           std::chrono::milliseconds& out) {
  constexpr std::size_t kLongestDuration = 64;
  std::string text;
  if (auto problem = read_text(value, place, kLongestDuration, text)) return problem;
  const auto duration = parse_duration(text);
  if (!duration) return problem_at(place, Code::invalid_value, duration.error().message);
  if (*duration > longest) {
    return problem_at(place, Code::invalid_value,
                      excerpt(text) + " is too long; at most " + std::to_string(longest.count()) +
                          "h are allowed");
  }
  out = *duration;
  return std::nullopt;
}

MaybeProblem read_stop_grace(const json::value& value, const Place& place, core::TaskSpec& task) {
  return read_duration(value, place, limits::kLongestStopGrace, task.stop_grace.emplace());
}

MaybeProblem read_config(const json::value& value, const Place& place, core::TaskSpec& task) {
  const json::object* config = nullptr;
  if (auto problem = read_object(value, place, kConfigFields, config)) return problem;

  const json::value* command = nullptr;
  if (auto problem = require(*config, place, "command", command)) return problem;
  const Place at_command(place, "command");
  if (auto problem = read_text(*command, at_command, limits::kCommandBytes, task.command)) {
    return problem;
  }

  static constexpr std::array<OptionalField<core::TaskSpec>, 4> kOptional = {
      {{"args", read_args},
       {"env", read_env},
       {"working_dir", read_working_dir},
       {"stop_grace", read_stop_grace}}};
  return read_optional(*config, place, kOptional, task);
}

MaybeProblem read_task(const json::value& value, const Place& place, core::TaskSpec& task) {
  const json::object* fields = nullptr;
  if (auto problem = read_object(value, place, kTaskFields, fields)) return problem;
  const json::value* name = nullptr;
  if (auto problem = require(*fields, place, "name", name)) return problem;
  const json::value* config = nullptr;
  if (auto problem = require(*fields, place, "config", config)) return problem;
  const Place at_name(place, "name");
  if (auto problem = read_name(*name, at_name, task.name)) return problem;
  const Place at_config(place, "config");
  return read_config(*config, at_config, task);
}

// One of a few words, which stand for 0, 1, 2, ...
template <class Enum, std::size_t count>
MaybeProblem read_word(const json::value& value, const Place& place,
                       const std::array<std::string_view, count>& words, Enum& out) {
  std::string text;
  if (auto problem = read_text(value, place, limits::kNameBytes, text)) return problem;
  std::string known;
  for (std::size_t i = 0; i < count; ++i) {
    if (words[i] == text) {
      out = static_cast<Enum>(i);
      return std::nullopt;
    }
    known.append(i == 0 ? "" : ", ").append(json_quote(words[i]));
  }
  return problem_at(place, Code::invalid_value,
                    excerpt(text) + " is none of the words that can stand here: " + known);
}

MaybeProblem read_restart(const json::value& value, const Place& place, core::GroupSpec& group) {
  static constexpr std::array<std::string_view, 3> kPolicies = {"never", "on_failure", "always"};
  const json::object* fields = nullptr;
  if (auto problem = read_object(value, place, kRestartFields, fields)) return problem;
  const json::value* policy = nullptr;
  if (auto problem = require(*fields, place, "policy", policy)) return problem;
  const Place at(place, "policy");
  return read_word(*policy, at, kPolicies, group.restart_policy.emplace());
}

MaybeProblem read_exclusive(const json::value& value, const Place& place, core::GroupSpec& group) {
  const bool* flag = value.if_bool();
  if (flag == nullptr) {
    return problem_at(place, Code::wrong_type,
                      "expected true or false, found " + std::string(kind_name(value)));
  }
  group.exclusive = *flag;
  return std::nullopt;
}

MaybeProblem read_lost_after(const json::value& value, const Place& place, core::GroupSpec& group) {
  return read_duration(value, place, limits::kLongestLostAfter, group.lost_after.emplace());
}

MaybeProblem read_on_return(const json::value& value, const Place& place, core::GroupSpec& group) {
  static constexpr std::array<std::string_view, 2> kChoices = {"keep_replacement", "keep_original"};
  return read_word(value, place, kChoices, group.on_return.emplace());
}

MaybeProblem read_group(const json::value& value, const Place& place, core::GroupSpec& group) {
  const json::object* fields = nullptr;
  if (auto problem = read_object(value, place, kGroupFields, fields)) return problem;
  const json::value* tasks = nullptr;
  if (auto problem = require(*fields, place, "tasks", tasks)) return problem;
  const Place at_tasks(place, "tasks");
  const json::array* elements = nullptr;
  if (auto problem =
          read_array(*tasks, at_tasks, limits::kTasksPerGroup, Emptiness::refused, elements)) {
    return problem;
  }
  group.tasks.resize(elements->size());
  std::unordered_map<std::string_view, std::size_t> names;
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const Place at(at_tasks, i);
    if (auto problem = read_task((*elements)[i], at, group.tasks[i])) return problem;
    const auto [first, is_new] = names.emplace(group.tasks[i].name, i);
    if (is_new) continue;
    const Place at_name(at, "name");
    return problem_at(at_name, Code::invalid_value,
                      excerpt(group.tasks[i].name) + " is already the name of task " +
                          std::to_string(first->second) + " of this group; choose another");
  }
  static constexpr std::array<OptionalField<core::GroupSpec>, 4> kOptional = {
      {{"restart", read_restart},
       {"exclusive", read_exclusive},
       {"lost_after", read_lost_after},
       {"on_return", read_on_return}}};
  return read_optional(*fields, place, kOptional, group);
}

}  // namespace

MaybeProblem read_template(std::string_view body, core::TemplateSpec& out) {
  JsonDocument document;
  if (auto problem = document.parse(body)) return problem;
  const Place top;
  const json::object* fields = nullptr;
  if (auto problem = read_object(document.root(), top, kTemplateFields, fields)) return problem;
  const json::value* name = nullptr;
  if (auto problem = require(*fields, top, "name", name)) return problem;
  const json::value* groups = nullptr;
  if (auto problem = require(*fields, top, "task_groups", groups)) return problem;

  core::TemplateSpec spec;
  const Place at_name(top, "name");
  if (auto problem = read_name(*name, at_name, spec.name)) return problem;
  const Place at_groups(top, "task_groups");
  const json::array* elements = nullptr;
  if (auto problem = read_array(*groups, at_groups, limits::kGroupsPerTemplate, Emptiness::refused,
                                elements)) {
    return problem;
  }
  spec.groups.resize(elements->size());
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const Place at(at_groups, i);
    if (auto problem = read_group((*elements)[i], at, spec.groups[i])) return problem;
  }
  out = std::move(spec);
  return std::nullopt;
}

MaybeProblem read_template_name(std::string_view body, std::string& out) {
  JsonDocument document;
  if (auto problem = document.parse(body)) return problem;
  const Place top;
  const json::object* fields = nullptr;
  if (auto problem = read_object(document.root(), top, kNameField, fields)) return problem;
  const json::value* name = nullptr;
  if (auto problem = require(*fields, top, "name", name)) return problem;
  const Place at_name(top, "name");
  return read_name(*name, at_name, out);
}

MaybeProblem read_instance_id(std::string_view body, InstanceId& out) {
  constexpr std::size_t kLongestId = 255;
  JsonDocument document;
  if (auto problem = document.parse(body)) return problem;
  const Place top;
  const json::object* fields = nullptr;
  if (auto problem = read_object(document.root(), top, kIdField, fields)) return problem;
  const json::value* id = nullptr;
  if (auto problem = require(*fields, top, "id", id)) return problem;
  const Place at_id(top, "id");
  std::string text;
  if (auto problem = read_string(*id, at_id, kLongestId, text)) return problem;
  const auto parsed = InstanceId::parse(text);
  if (!parsed) {
    return problem_at(at_id, Code::invalid_id,
                      excerpt(text) + " is no UUID; use the id that deploy answered with");
  }
  out = *parsed;
  return std::nullopt;
}

}  // namespace drover::http
