// The limits of setrlimit(2) that a task can set for itself: their names, their numbers, and in
// what they are counted. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace drover {

enum class LimitUnit : std::uint8_t { count, bytes, seconds, microseconds };

struct ProcessLimitKind {
  std::string_view name;  // as in limits.conf(5) and systemd.exec(5), in lower case
  int resource;           // RLIMIT_...
  LimitUnit unit;
  const char* step;  // what an attempt failed in when the kernel refuses it
};

// All of them, sorted by name.
std::span<const ProcessLimitKind> process_limits();

// Null if there is none of this name.
const ProcessLimitKind* find_process_limit(std::string_view name);

// RLIM_INFINITY of 64 bits.
inline constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

}  // namespace drover
