// The manual page drover(1), from the tree of commands. Pure.
#pragma once

#include <string>

#include "cli/commands/tree.h"

namespace drover::cli {

// In the language of man(7).
std::string man_page(const CommandInfo& root);

}  // namespace drover::cli
