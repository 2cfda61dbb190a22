#include "agent/metrics/text.h"

#include <charconv>

#include "common/files.h"

namespace drover::agent::metrics {

std::string read_text(const std::string& path) {
  auto content = read_file(path);
  if (!content || !*content) return {};
  return **content;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> words(std::string_view line) {
  static constexpr std::string_view kBlanks = " \t\n";
  std::vector<std::string_view> found;
  for (std::size_t begin = line.find_first_not_of(kBlanks); begin != std::string_view::npos;) {
    const std::size_t end = line.find_first_of(kBlanks, begin);
    found.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(kBlanks, end);
  }
  return found;
}

std::optional<std::uint64_t> number(std::string_view text) {
  const auto found = words(text);
  if (found.size() != 1) return std::nullopt;
  std::uint64_t value = 0;
  const char* last = found[0].data() + found[0].size();
  const auto [end, error] = std::from_chars(found[0].data(), last, value);
  if (error != std::errc() || end != last) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> number_of_key(std::string_view text, std::string_view key) {
  for (const std::string_view line : split(text, '\n')) {
    const auto found = words(line);
    if (found.size() < 2) continue;
    std::string_view name = found[0];
    if (name.ends_with(':')) name.remove_suffix(1);
    if (name == key) return number(found[1]);
  }
  return std::nullopt;
}

}  // namespace drover::agent::metrics
