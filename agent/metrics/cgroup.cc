#include "agent/metrics/cgroup.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "agent/metrics/text.h"

namespace drover::agent::metrics {
namespace {

// Where one hierarchy is mounted, and the process's own cgroup below that; "" for the top.
struct Hierarchy {
  std::string mount;
  std::string own;
};

bool lists(std::string_view comma_separated, std::string_view name) {
  const auto names = split(comma_separated, ',');
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The process's cgroup in the hierarchy of `controller`; version 2 where that is empty.
std::optional<std::string> own_path(const std::string& root, std::string_view controller) {
  const std::string text = read_text(root + "/proc/self/cgroup");
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const bool wanted = controller.empty() ? controllers.empty() && line.starts_with("0:")
                                           : lists(controllers, controller);
    if (wanted) return std::string(line.substr(second + 1));
  }
  return std::nullopt;
}

// `path` as seen below a mount whose root is `mount_root`.
std::string below_mount(std::string_view path, std::string_view mount_root) {
  if (mount_root != "/" && path.starts_with(mount_root)) path.remove_prefix(mount_root.size());
  // A path that leaves the cgroup namespace cannot be found below the mount.
  if (path == "/" || path.find("/..") != std::string_view::npos) return "";
  return std::string(path);
}

// Fields of mountinfo: id parent device root mount options... - type source super_options
std::optional<Hierarchy> find_hierarchy(const std::string& root, std::string_view controller) {
  const auto path = own_path(root, controller);
  if (!path) return std::nullopt;
  const std::string text = read_text(root + "/proc/self/mountinfo");
  for (const std::string_view line : split(text, '\n')) {
    const auto fields = words(line);
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (fields.size() < 6 || fields.end() - dash < 4) continue;
    const bool wanted = controller.empty() ? dash[1] == "cgroup2"
                                           : dash[1] == "cgroup" && lists(dash[3], controller);
    if (wanted) return Hierarchy{root + std::string(fields[4]), below_mount(*path, fields[3])};
  }
  return std::nullopt;
}

// Calls `visit(directory)` for the own cgroup and each above it.
template <class Visit>
void for_each_level(const Hierarchy& hierarchy, Visit visit) {
  std::string own = hierarchy.own;
  for (;;) {
    visit(own);
    const std::size_t slash = own.rfind('/');
    if (slash == std::string::npos) return;
    own.resize(slash);
  }
}

void keep_tighter(std::optional<CpuQuota>& best, std::optional<std::uint64_t> quota_us,
                  std::optional<std::uint64_t> period_us, const std::string& usage_file) {
  if (!quota_us || !period_us || *quota_us == 0 || *period_us == 0) return;
  const double cores = static_cast<double>(*quota_us) / static_cast<double>(*period_us);
  if (!best || cores < best->cores) best = CpuQuota{cores, usage_file};
}

void keep_tighter(std::optional<MemoryLimit>& best, std::optional<std::uint64_t> bytes,
                  const std::string& directory, bool version_2) {
  if (!bytes || *bytes == 0 || (best && *bytes >= best->bytes)) return;
  best =
      MemoryLimit{*bytes, directory + (version_2 ? "/memory.current" : "/memory.usage_in_bytes"),
                  directory + "/memory.stat", version_2 ? "inactive_file" : "total_inactive_file"};
}

}  // namespace

std::optional<CpuQuota> find_cpu_quota(const std::string& root) {
  std::optional<CpuQuota> best;
  if (const auto unified = find_hierarchy(root, "")) {
    for_each_level(*unified, [&](const std::string& own) {
      const std::string directory = unified->mount + own;
      const std::string text = read_text(directory + "/cpu.max");
      const auto fields = words(text);
      if (fields.size() != 2) return;
      keep_tighter(best, number(fields[0]), number(fields[1]), directory + "/cpu.stat");
    });
  }
  const auto cpu = find_hierarchy(root, "cpu");
  const auto accounting = find_hierarchy(root, "cpuacct");
  if (cpu && accounting) {
    for_each_level(*cpu, [&](const std::string& own) {
      const std::string directory = cpu->mount + own;
      keep_tighter(best, number(read_text(directory + "/cpu.cfs_quota_us")),
                   number(read_text(directory + "/cpu.cfs_period_us")),
                   accounting->mount + own + "/cpuacct.usage");
    });
  }
  return best;
}

std::optional<MemoryLimit> find_memory_limit(const std::string& root) {
  std::optional<MemoryLimit> best;
  if (const auto unified = find_hierarchy(root, "")) {
    for_each_level(*unified, [&](const std::string& own) {
      const std::string directory = unified->mount + own;
      keep_tighter(best, number(read_text(directory + "/memory.max")), directory, true);
    });
  }
  if (const auto memory = find_hierarchy(root, "memory")) {
    for_each_level(*memory, [&](const std::string& own) {
      const std::string directory = memory->mount + own;
      keep_tighter(best, number(read_text(directory + "/memory.limit_in_bytes")), directory, false);
    });
  }
  return best;
}

std::optional<std::uint64_t> cpu_used_us(const CpuQuota& quota) {
  const std::string text = read_text(quota.usage_file);
  if (const auto microseconds = number_of_key(text, "usage_usec")) return microseconds;
  if (const auto nanoseconds = number(text)) return *nanoseconds / 1000;
  return std::nullopt;
}

std::optional<std::uint64_t> memory_used_bytes(const MemoryLimit& limit) {
  const auto used = number(read_text(limit.usage_file));
  if (!used) return std::nullopt;
  const std::uint64_t cache =
      number_of_key(read_text(limit.stat_file), limit.cache_key).value_or(0);
  return *used - std::min(*used, cache);
}

}  // namespace drover::agent::metrics
