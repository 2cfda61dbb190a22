#include "cli/commands/instance_state.h"

#include <boost/json/array.hpp>
#include <cstddef>
#include <vector>

#include "cli/client/answers.h"
#include "cli/commands/exit_codes.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

// Calls `visit` with each task of each copy, in order.
template <class Visit>
void for_each_task(const json::object& instance, const Visit& visit) {
  for (const json::value& copy : array_of(instance, "groups")) {
    if (!copy.is_object()) continue;
    for (const json::value& task : array_of(copy.get_object(), "tasks")) {
      if (task.is_object()) visit(task.get_object());
    }
  }
}

int exit_code_of_task(const json::object& task) {
  const std::string state = text_of(task, "state");
  if (task.contains("exit_code")) {
    const auto code = static_cast<int>(number_of(task, "exit_code"));
    return code == 0 && state != "succeeded" ? 1 : code;
  }
  if (task.contains("signal")) return 128 + static_cast<int>(number_of(task, "signal"));
  return state == "lost" ? kTaskLost : kTaskNotStarted;
}

bool has_ended(std::string_view task_state) {
  return task_state == "succeeded" || task_state == "failed" || task_state == "stopped" ||
         task_state == "lost";
}

}  // namespace

bool is_over(std::string_view state) {
  return state == "completed" || state == "failed" || state == "stopped" || state == "lost";
}

std::size_t count_tasks(const json::object& instance) {
  std::size_t tasks = 0;
  for_each_task(instance, [&tasks](const json::object&) { ++tasks; });
  return tasks;
}

bool has_begun(const json::object& instance) {
  bool begun = false;
  for_each_task(instance, [&begun](const json::object& task) {
    begun = begun || number_of(task, "attempt") > 0;
  });
  return begun;
}

std::string tasks_text(const json::object& instance) {
  std::size_t tasks = 0;
  std::size_t running = 0;
  std::size_t ended = 0;
  for_each_task(instance, [&](const json::object& task) {
    const std::string state = text_of(task, "state");
    ++tasks;
    if (state == "running") ++running;
    if (has_ended(state)) ++ended;
  });
  if (tasks == 0) return "";
  const std::string of = " of " + std::to_string(tasks) + (tasks == 1 ? " task" : " tasks");
  std::string text = std::to_string(running) + of + (tasks == 1 ? " runs" : " run");
  if (ended > 0) text += ", " + std::to_string(ended) + (ended == 1 ? " has ended" : " have ended");
  return text;
}

int exit_code_of_tasks(const json::object& instance) {
  std::vector<int> codes;
  int of_a_failure = 0;
  for_each_task(instance, [&](const json::object& task) {
    codes.push_back(exit_code_of_task(task));
    const bool succeeded = text_of(task, "state") == "succeeded";
    if (!succeeded && of_a_failure == 0) of_a_failure = codes.back();
  });
  if (codes.empty()) return text_of(instance, "state") == "completed" ? kSuccess : kTaskNotStarted;
  // A task that is alone is what was run, whatever code of it counts as success.
  return codes.size() == 1 ? codes.front() : of_a_failure;
}

}  // namespace drover::cli
