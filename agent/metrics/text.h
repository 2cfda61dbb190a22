// Reading the small text files of /proc and /sys, whatever they hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drover::agent::metrics {

// The file; empty if it cannot be read.
std::string read_text(const std::string& path);

std::vector<std::string_view> split(std::string_view text, char separator);
// Split at blanks; no word is empty.
std::vector<std::string_view> words(std::string_view line);

// Digits and nothing else but blanks around them.
std::optional<std::uint64_t> number(std::string_view text);

// The number after "KEY " or "KEY:" at the beginning of a line.
std::optional<std::uint64_t> number_of_key(std::string_view text, std::string_view key);

}  // namespace drover::agent::metrics
