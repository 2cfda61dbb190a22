// Where a program is looked for, decided before the child exists. Pure.
#pragma once

#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drover::supervisor {

// The paths to try, in this order, as execvp(3) does: a program with a slash is taken as it is;
// an empty entry of `path` is the working directory; without a `path` it is "/bin:/usr/bin".
// At least one.
std::vector<std::string> exec_candidates(std::string_view program,
                                         std::optional<std::string_view> path);

// Whether this errno of execve means "not here, perhaps at the next candidate". When all have
// failed, EACCES anywhere counts more than the rest: the program is there, but may not be run.
constexpr bool search_goes_on(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR || error_number == EACCES ||
         error_number == ESTALE || error_number == ENODEV || error_number == ETIMEDOUT;
}

}  // namespace drover::supervisor
