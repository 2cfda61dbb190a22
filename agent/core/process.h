// What a task's process is given: its program, arguments and environment. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/types.h"
#include "common/ids.h"

namespace drover::agent::core {

struct CommandLine {
  std::string program;                 // without a slash: looked up in the task's PATH
  std::vector<std::string> arguments;  // argv, the program's name included
};

// With args, the program itself. Without, `/bin/sh -c LINE`, except that a line which is nothing
// but plain words, the first of them with a slash in it, is run without the shell: the same program
// gets the same arguments, and where it cannot be run the end names errno instead of the shell's
// 126 or 127.
CommandLine command_line(const std::string& command,
                         const std::optional<std::vector<std::string>>& args);

// Nothing that a shell would treat in any other way than splitting it at blanks.
bool is_plain_command(std::string_view line);

// The account that tasks run as, and the node.
struct Account {
  std::string user;
  std::string home;
  NodeId node;
};

// "KEY=value" strings, sorted, each key once: PATH, HOME, USER, LANG; over these what the task
// sets; over these DROVER_*. Without HOME and USER where the task has a user of its own.
std::vector<std::string> environment(const AllocationSpec& spec, const AttemptId& id,
                                     const Account& account);

}  // namespace drover::agent::core
