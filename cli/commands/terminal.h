// What is at the end of a descriptor.
#pragma once

#include <cstddef>
#include <string>

#include "cli/text/colour.h"

namespace drover::cli {

bool is_terminal(int fd);

struct TerminalSize {
  std::size_t columns = 0;
  std::size_t rows = 0;
};
// Of a terminal; 80 by 24 where it does not say. Of anything else: zero, which is no limit.
TerminalSize terminal_size(int fd);

// `when`: "always", "never", or "auto", which is for terminals that can, unless NO_COLOR is set.
Palette palette_for(int fd, const std::string& when);

}  // namespace drover::cli
