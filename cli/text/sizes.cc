#include "cli/text/sizes.h"

#include <array>
#include <cstdio>

namespace drover::cli {

std::string size_text(std::uint64_t bytes) {
  constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (amount >= 1023.5 && unit + 1 < kUnits.size()) {
    amount /= 1024;
    ++unit;
  }
  std::array<char, 32> text{};
  const bool whole = amount >= 9.95 || unit == 0;
  std::snprintf(text.data(), text.size(), whole ? "%.0f %s" : "%.1f %s", amount, kUnits[unit]);
  std::string out = text.data();
  if (const auto zero = out.find(".0 "); zero != std::string::npos) out.erase(zero, 2);
  return out;
}

}  // namespace drover::cli
