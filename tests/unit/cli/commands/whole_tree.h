// All commands, as the program has them.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/commands/command.h"
#include "cli/commands/tree.h"

namespace drover::cli {

struct WholeTree {
  WholeTree() { declare(app, settings, commands); }

  CLI::App app{"Runs templates.", "drover"};
  Settings settings;
  Commands commands{app};
};

// Calls `visit` with each command that does something.
template <class Visit>
void for_each_command(const CommandInfo& command, const Visit& visit) {
  if (command.commands.empty()) visit(command);
  for (const CommandInfo& each : command.commands) for_each_command(each, visit);
}

}  // namespace drover::cli
