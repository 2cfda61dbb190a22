// Removing several things in one command.
#pragma once

#include <string>
#include <vector>

#include "cli/commands/session.h"

namespace drover::cli {

// Calls `remove(name)`, which gives a Result<Document>, for all of them, whatever becomes of the
// others; the first error decides the exit code.
template <class Remove>
int remove_each(Session& session, const std::vector<std::string>& names, Remove remove) {
  int status = kSuccess;
  for (const std::string& name : names) {
    const auto removed = remove(name);
    if (!removed) {
      const int code = Session::fail(removed.error());
      if (status == kSuccess) status = code;
    } else if (session.json()) {
      session.print(*removed);
    }
  }
  return status;
}

}  // namespace drover::cli
