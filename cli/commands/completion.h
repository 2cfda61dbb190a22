// Completion for shells, from the tree of commands. Pure.
//
// Flags, commands and fixed values are in the scripts; the names of templates, and the ids of
// instances and nodes, are asked for with `drover names` when they are wanted.
#pragma once

#include <string>

#include "cli/commands/tree.h"

namespace drover::cli {

// Of a value's description, what can be typed as it stands, with spaces between: "auto always
// never" of "auto|always|never", "all" of "N|all", where N stands for something else.
std::string words_of_value(const std::string& value);
// What of the cluster's a value names, as `drover names` takes it: "templates" of TEMPLATE; empty:
// nothing.
std::string names_of_value(const std::string& value);

std::string bash_completion(const CommandInfo& root);
std::string zsh_completion(const CommandInfo& root);
std::string fish_completion(const CommandInfo& root);

}  // namespace drover::cli
