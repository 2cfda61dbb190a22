// One command of a group, as its template gives it. The master's core, the agent's core and the
// messages between them all speak of this one structure; common/wire maps it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace drover {

// When what has ended is run again. The numbers are stored and sent.
enum class RestartPolicy : std::uint8_t {
  never = 0,       // it runs at most once
  on_failure = 1,  // when it failed or was lost
  always = 2,      // until it is stopped
};
const char* to_string(RestartPolicy policy);

// Absent optionals are absent in the template as it was given; the functions say what holds then.
struct TaskSpec {
  std::string name;
  std::string command;                           // with args: a program; without: a shell line
  std::optional<std::vector<std::string>> args;  // argv after the program's own name
  std::map<std::string, std::string> env;
  std::optional<std::string> working_dir;  // absolute; absent: the allocation's own directory
  std::optional<std::chrono::milliseconds> stop_grace;

  // Between the stop signal and SIGKILL.
  std::chrono::milliseconds grace() const;

  bool operator==(const TaskSpec&) const = default;
};

}  // namespace drover
