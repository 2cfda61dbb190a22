#include "tests/bench/support/memory.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace drover::bench {
namespace {

bool maps(const std::filesystem::path& process, const char* part) {
  std::ifstream file(process / "maps");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return text.find(part) != std::string::npos;
}

}  // namespace

Memory memory_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
  Memory memory;
  const auto take = [&file](double& into) {
    double kilobytes = 0;
    if (file >> kilobytes) into = kilobytes * 1024;
  };
  for (std::string word; file >> word;) {
    if (word == "Rss:") take(memory.resident);
    if (word == "Pss:") take(memory.proportional);
    if (word == "Pss_Anon:") take(memory.anonymous);
  }
  if (memory.resident == 0) {
    throw std::runtime_error("cannot read the memory of process " + std::to_string(pid));
  }
  return memory;
}

std::size_t others_that_map(const char* part, std::initializer_list<pid_t> known) {
  std::size_t count = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const bool is_known = std::find(known.begin(), known.end(), std::stoi(name)) != known.end();
    if (!is_known && maps(entry.path(), part)) ++count;
  }
  return count;
}

}  // namespace drover::bench
