// The commands as data, for what is generated from them: the manual page and the completions.
#pragma once

#include <string>
#include <vector>

#include "cli/commands/command.h"

namespace drover::cli {

struct Argument {
  std::vector<std::string> names;  // "-f", "--file"; of a positional argument, its one name
  std::string value;               // FILE, TEMPLATE, "auto|always|never"; empty: a flag
  std::string meaning;
};

struct CommandInfo {
  std::string line;  // "drover node drain"
  std::string name;  // "drain"
  std::string summary;
  std::vector<Argument> flags;
  std::vector<Argument> positionals;
  std::vector<Example> examples;
  std::vector<CommandInfo> commands;  // below it; hidden ones are left out
};

CommandInfo describe(const Commands& commands);

}  // namespace drover::cli
