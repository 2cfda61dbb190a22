#include "master/http/template/tasks.h"

#include <array>
#include <boost/json/array.hpp>

#include "common/limits.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;

namespace {

MaybeProblem read_command(const json::value& value, const Place& place, TaskSpec& task) {
  return read_text(value, place, limits::kCommandBytes, task.command);
}

MaybeProblem read_args(const json::value& value, const Place& place, TaskSpec& task) {
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

MaybeProblem read_env(const json::value& value, const Place& place, TaskSpec& task) {
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

MaybeProblem read_working_dir(const json::value& value, const Place& place, TaskSpec& task) {
  constexpr std::size_t kLongestPath = 4095;  // PATH_MAX less the terminating NUL
  if (auto problem = read_text(value, place, kLongestPath, task.working_dir.emplace())) {
    return problem;
  }
  if (task.working_dir->front() == '/') return std::nullopt;
  return problem_at(place, Code::invalid_value, "must be an absolute path; begin it with /");
}

MaybeProblem read_stop_grace(const json::value& value, const Place& place, TaskSpec& task) {
  return read_duration(value, place, limits::kLongestStopGrace, task.stop_grace.emplace());
}

MaybeProblem read_task_name(const json::value& value, const Place& place, TaskSpec& task) {
  return read_name(value, place, task.name);
}

MaybeProblem read_config(const json::value& value, const Place& place, TaskSpec& task) {
  return read_fields(value, place, config_fields(), task);
}

using enum Presence;

// clang-format off
constexpr std::array kConfigFields = std::to_array<Field<TaskSpec>>({
    {"command", required, read_command, R"("/opt/apps/clean.sh --all")",
     "With `args`: a program, looked up in the task's `PATH` unless it has a slash. Without: a line for `/bin/sh -c`. At "
     "most 128 KiB"},
    {"args", optional, read_args, R"(["--input", "orders.csv"])",
     "The program's arguments, each as it is; no shell sees them. At most 10,000"},
    {"env", optional, read_env, R"({"MODE": "fast"})",
     "Environment variables, over those that Drover sets. Names of letters, digits and `_`; `DROVER_...` is Drover's "
     "own. At most 10,000"},
    {"working_dir", optional, read_working_dir, R"("/srv/data")",
     "An absolute path. Without: a directory of the allocation's own, shared by the tasks of the group"},
    {"stop_grace", optional, read_stop_grace, R"("30s")",
     "From the signal that asks the task to end until SIGKILL. 10 s without; at most 24 h"},
});

constexpr std::array kTaskFields = std::to_array<Field<TaskSpec>>({
    {"name", required, read_task_name, R"("clean")",
     "1 to 255 bytes of UTF-8 without control characters; no other task of the group has it"},
    {"config", required, read_config, R"({"command": "/opt/apps/clean.sh"})", "What is run, and how: see below"},
});
// clang-format on

}  // namespace

Fields<TaskSpec> task_fields() { return kTaskFields; }

Fields<TaskSpec> config_fields() { return kConfigFields; }

}  // namespace drover::http
