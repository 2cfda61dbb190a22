// A process of this boot, told apart from every other one of the same boot.
#pragma once

#include <optional>
#include <string>

namespace drover::agent {

// "PID@START", START being the process's start in clock ticks since boot; nothing if there is no
// such process, or only a zombie of it.
std::optional<std::string> process_identity(int pid);

// Whether the process that process_identity() named still exists.
bool process_exists(const std::string& identity);

}  // namespace drover::agent
