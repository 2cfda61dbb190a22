// The limits that the agent's cgroup, or one above it, sets. Versions 1 and 2, mixed as well.
// File formats: cgroups(7), proc(5), the kernel's cgroup-v2.rst and cgroup-v1/memory.rst.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace drover::agent::metrics {

struct CpuQuota {
  double cores = 0;
  std::string usage_file;  // cpu.stat of version 2, or cpuacct.usage of version 1
};

struct MemoryLimit {
  std::uint64_t bytes = 0;
  std::string usage_file;  // bytes in use, page cache included
  std::string stat_file;
  std::string cache_key;  // the line of `stat_file` with the bytes that can be had back at once
};

// The tightest one on the way from the process's own cgroup to the top; nothing where none is set
// or the files cannot be understood. `root` stands for "/": "" except in tests.
std::optional<CpuQuota> find_cpu_quota(const std::string& root);
std::optional<MemoryLimit> find_memory_limit(const std::string& root);

// CPU time used so far.
std::optional<std::uint64_t> cpu_used_us(const CpuQuota& quota);
// Memory in use without what can be had back at once.
std::optional<std::uint64_t> memory_used_bytes(const MemoryLimit& limit);

}  // namespace drover::agent::metrics
