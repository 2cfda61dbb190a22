#include "agent/process_identity.h"

#include <charconv>

#include "common/files.h"
#include "common/process_stat.h"

namespace drover::agent {

std::optional<std::string> process_identity(int pid) {
  const auto content = read_file("/proc/" + std::to_string(pid) + "/stat");
  if (!content || !*content) return std::nullopt;
  const auto stat = parse_process_stat(**content);
  if (!stat || stat->is_zombie) return std::nullopt;
  return std::to_string(pid) + '@' + std::to_string(stat->start_ticks);
}

bool process_exists(const std::string& identity) {
  int pid = 0;
  const char* last = identity.data() + identity.size();
  const auto [end, error] = std::from_chars(identity.data(), last, pid);
  if (error != std::errc() || end == last || *end != '@') return false;
  return process_identity(pid) == identity;
}

}  // namespace drover::agent
