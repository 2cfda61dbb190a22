// The kernel's texts about what a cgroup may take, and takes
// (Documentation/admin-guide/cgroup-v2.rst). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drover/supervisor.pb.h"

namespace drover::supervisor {

// Those controllers of cgroup v2 that limits need.
struct Controllers {
  bool cpu = false;
  bool memory = false;
  bool operator==(const Controllers&) const = default;
};

// From cgroup.controllers.
Controllers parse_controllers(std::string_view text);

struct CgroupFile {
  const char* name;
  std::string content;
  bool may_be_missing = false;
};

// What is to be written, in this order, so that a cgroup is limited as `resources` says, as far as
// the controllers can.
//
// The share of a task that wants one core is the kernel's default, 100, so that a task that says
// nothing counts as one that wants one core.
std::vector<CgroupFile> limit_files(const Resources& resources, Controllers controllers);

// How many processes the kernel has killed for want of memory, from memory.events.
std::uint64_t parse_out_of_memory_kills(std::string_view text);

// The processor time of all processes that there have been, in microseconds, from cpu.stat.
// Nothing: it does not say.
std::optional<std::uint64_t> parse_cpu_us(std::string_view text);

}  // namespace drover::supervisor
