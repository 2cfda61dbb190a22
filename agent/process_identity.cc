#include "agent/process_identity.h"

#include <charconv>
#include <sstream>
#include <string_view>

#include "common/files.h"

namespace drover::agent {

std::optional<std::string> process_identity(int pid) {
  const auto content = read_file("/proc/" + std::to_string(pid) + "/stat");
  if (!content || !*content) return std::nullopt;
  // proc(5): the second field is in parentheses and may hold anything; the third is the state and
  // the 22nd the start time.
  const std::size_t name_end = (*content)->rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields((*content)->substr(name_end + 1));
  std::string state;
  std::string start;
  fields >> state;
  for (int field = 4; field <= 22; ++field) fields >> start;
  if (!fields || state == "Z" || state == "X") return std::nullopt;
  return std::to_string(pid) + '@' + start;
}

bool process_exists(const std::string& identity) {
  int pid = 0;
  const char* last = identity.data() + identity.size();
  const auto [end, error] = std::from_chars(identity.data(), last, pid);
  if (error != std::errc() || end == last || *end != '@') return false;
  return process_identity(pid) == identity;
}

}  // namespace drover::agent
