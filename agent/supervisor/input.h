// What a task reads from its standard input, where it is a text.
#pragma once

#include <string_view>

#include "common/unique_fd.h"

namespace drover::supervisor {

struct Input {
  UniqueFd fd;
  int error_number = 0;  // errno, where there is no fd
};

// A file in memory with this content, to be read from its beginning; nobody can change it. No
// pipe: a text of any length is there at once, and nobody has to stand by and write it.
Input make_input(std::string_view text);

}  // namespace drover::supervisor
