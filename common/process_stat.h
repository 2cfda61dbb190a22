// What the kernel says of one process in /proc/PID/stat: proc(5).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace drover {

struct ProcessStat {
  int pid = 0;
  int parent = 0;
  int session = 0;
  std::uint64_t start_ticks = 0;  // clock ticks since boot; with the pid, names one for ever
  bool is_zombie = false;         // or on its way to be gone
  // Clock ticks that it and those it has waited for have run, for themselves and in the kernel.
  std::uint64_t cpu_ticks = 0;
  std::uint64_t resident_pages = 0;

  auto operator<=>(const ProcessStat&) const = default;
};

// Of the text of that file. The name in it may hold anything, brackets included. Nothing: it is not
// such a text, as when the process has just gone. Pure.
std::optional<ProcessStat> parse_process_stat(std::string_view text);

}  // namespace drover
