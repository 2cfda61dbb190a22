// Starts a supervisor of one's own, for an agent that finds none.
#pragma once

#include <string>

#include "common/result.h"

namespace drover::supervisor {

// Starts `program_path` (a drover-supervisor) on `socket_path`, detached from the caller: it
// outlives it, keeps none of its descriptors, and gets none of its DROVER_* and systemd variables.
// Its log is appended to <socket_path>.log. `containment` is as its flag takes it.
//
// Blocks until it serves; then SupervisorClient::connect() works. The error carries its last words.
// Any thread; safe in a process with many.
drover::Status start_supervisor(const std::string& program_path, const std::string& socket_path,
                                const std::string& containment);

}  // namespace drover::supervisor
