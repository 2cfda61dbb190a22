// What the processes of an attempt take of their node.
#pragma once

#include <cstdint>

namespace drover {

struct ResourceUse {
  std::uint64_t cpu_us = 0;        // processor time so far, in user and kernel mode
  std::uint64_t memory_bytes = 0;  // now; 0: of what has ended
  // The most that was seen: of its largest process at any time, or of all together whenever they
  // were looked at. 0: nobody knows.
  std::uint64_t memory_peak_bytes = 0;

  bool is_known() const { return *this != ResourceUse(); }
  bool operator==(const ResourceUse&) const = default;
};

}  // namespace drover
