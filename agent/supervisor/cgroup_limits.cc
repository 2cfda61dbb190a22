#include "agent/supervisor/cgroup_limits.h"

#include <algorithm>
#include <charconv>

namespace drover::supervisor {
namespace {

constexpr std::uint32_t kPeriodUs = 100'000;  // the kernel's default
constexpr std::uint32_t kLeastQuotaUs = 1'000;
constexpr std::uint32_t kLeastWeight = 1;
constexpr std::uint32_t kMostWeight = 10'000;

// Takes the text up to `separator` off the front.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

// Of the line "KEY NUMBER".
std::optional<std::uint64_t> number_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    if (take_until(line, ' ') != key) continue;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
    if (error == std::errc()) return number;
  }
  return std::nullopt;
}

}  // namespace

Controllers parse_controllers(std::string_view text) {
  Controllers controllers;
  if (text.ends_with('\n')) text.remove_suffix(1);
  while (!text.empty()) {
    const std::string_view word = take_until(text, ' ');
    if (word == "cpu") controllers.cpu = true;
    if (word == "memory") controllers.memory = true;
  }
  return controllers;
}

std::vector<CgroupFile> limit_files(const Resources& resources, Controllers controllers) {
  std::vector<CgroupFile> files;
  const std::uint64_t millis = resources.cpu_millis();
  if (controllers.cpu && millis > 0) {
    const auto weight = std::clamp<std::uint64_t>(millis / 10, kLeastWeight, kMostWeight);
    files.push_back({"cpu.weight", std::to_string(weight)});
    if (resources.cpu_hard()) {
      const std::uint64_t quota = std::max<std::uint64_t>(millis * kPeriodUs / 1000, kLeastQuotaUs);
      files.push_back({"cpu.max", std::to_string(quota) + " " + std::to_string(kPeriodUs)});
    }
  }
  if (controllers.memory && resources.memory_bytes() > 0) {
    files.push_back({"memory.oom.group", "1"});
    files.push_back({"memory.swap.max", "0", true});  // not there without swap in the kernel
    files.push_back({"memory.max", std::to_string(resources.memory_bytes())});
  }
  return files;
}

std::uint64_t parse_out_of_memory_kills(std::string_view text) {
  return number_of(text, "oom_kill").value_or(0);
}

std::optional<std::uint64_t> parse_cpu_us(std::string_view text) {
  return number_of(text, "usage_usec");
}

}  // namespace drover::supervisor
