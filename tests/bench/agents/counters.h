// What a fleet has done since it began. One thread.
#pragma once

#include <cstdint>

namespace drover::bench {

struct Counters {
  std::uint64_t open = 0;      // sessions that are welcomed now
  std::uint64_t welcomed = 0;  // sessions
  std::uint64_t lost = 0;      // sessions that were welcomed and have ended
  std::uint64_t refused = 0;   // dials that came to no welcome
  std::uint64_t heartbeats = 0;
  std::uint64_t messages_sent = 0;
  std::uint64_t bytes_sent = 0;  // of messages, without HTTP/2 and TCP
  std::uint64_t messages_received = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t started = 0;  // processes
  std::uint64_t ended = 0;
};

}  // namespace drover::bench
