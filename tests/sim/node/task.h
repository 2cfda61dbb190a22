// What a simulated task does, and how often what checks it fails, carried in its arguments through
// every layer to the supervisor.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace drover::sim {

struct TaskBehaviour {
  std::int64_t runs_ms = 0;  // then it exits by itself; 0: never
  int exit_code = 0;
  std::int64_t on_term_ms = 0;    // from SIGTERM to its end; negative: it ignores it
  int spawn_error = 0;            // errno: there is no such program
  bool exits_on_term = false;     // it catches SIGTERM and exits with its code
  std::uint32_t fails_first = 0;  // so many attempts exit with another code first
};

inline constexpr char kTaskProgram[] = "/sim/task";

inline std::vector<std::string> arguments_of(const TaskBehaviour& task) {
  return {std::to_string(task.runs_ms),    std::to_string(task.exit_code),
          std::to_string(task.on_term_ms), std::to_string(task.spawn_error),
          task.exits_on_term ? "1" : "0",  std::to_string(task.fails_first)};
}

// `arguments` as a process gets them, its own name first.
template <class Arguments>
TaskBehaviour behaviour_of(const Arguments& arguments) {
  TaskBehaviour task;
  if (arguments.size() != 7) return task;
  task.runs_ms = std::stoll(arguments[1]);
  task.exit_code = std::stoi(arguments[2]);
  task.on_term_ms = std::stoll(arguments[3]);
  task.spawn_error = std::stoi(arguments[4]);
  task.exits_on_term = arguments[5] == "1";
  task.fails_first = static_cast<std::uint32_t>(std::stoul(arguments[6]));
  return task;
}

// Whether a check of this key passes: not so often as `percent` in a hundred says, and the same
// whoever asks.
inline bool check_passes(int percent, std::string_view key) {
  std::uint32_t hash = 2'166'136'261;  // FNV-1a
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619;
  return static_cast<int>(hash % 100) >= percent;
}

}  // namespace drover::sim
