// What strangers may cost the agents' port.
#pragma once

#include <chrono>
#include <cstddef>

#include "common/limits.h"

namespace drover::agents {

struct SessionLimits {
  std::size_t sessions = limits::kAgentSessions;              // more streams are closed at once
  std::chrono::milliseconds hello_time = limits::kHelloTime;  // from a stream's begin to its hello
};

}  // namespace drover::agents
