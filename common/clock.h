// The two clocks. Never for a core: there time comes in with the command.
#pragma once

#include <chrono>
#include <cstdint>

namespace drover {

// Monotonic, from an unknown beginning; what decisions are made by. Any thread.
inline std::chrono::milliseconds steady_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

// Milliseconds since 1970, UTC; for people to read. Any thread.
inline std::int64_t unix_now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace drover
