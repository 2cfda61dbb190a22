#include "agent/supervisor/exec_path.h"

namespace drover::supervisor {
namespace {

constexpr std::string_view kDefaultPath = "/bin:/usr/bin";

std::string joined(std::string_view directory, std::string_view program) {
  if (directory.empty()) return "./" + std::string(program);
  std::string path(directory);
  if (path.back() != '/') path += '/';
  path += program;
  return path;
}

}  // namespace

std::vector<std::string> exec_candidates(std::string_view program,
                                         std::optional<std::string_view> path) {
  if (program.empty() || program.find('/') != std::string_view::npos) return {std::string(program)};
  std::vector<std::string> candidates;
  std::string_view rest = path.value_or(kDefaultPath);
  for (;;) {
    const std::size_t colon = rest.find(':');
    candidates.push_back(joined(rest.substr(0, colon), program));
    if (colon == std::string_view::npos) return candidates;
    rest.remove_prefix(colon + 1);
  }
}

}  // namespace drover::supervisor
