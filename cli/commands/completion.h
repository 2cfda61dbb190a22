// Completion for shells, from the tree of commands. Pure.
//
// Flags, commands and fixed values are in the scripts; the names of templates, and the ids of
// instances and nodes, are asked for with `drover names` when they are wanted.
#pragma once

#include <string>

#include "cli/commands/tree.h"

namespace drover::cli {

std::string bash_completion(const CommandInfo& root);
std::string zsh_completion(const CommandInfo& root);
std::string fish_completion(const CommandInfo& root);

}  // namespace drover::cli
