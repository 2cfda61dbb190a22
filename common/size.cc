#include "common/size.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>

namespace drover {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};

constexpr auto kUnits = std::to_array<Unit>({
    {"B", 1},
    {"KiB", std::uint64_t{1} << 10},
    {"MiB", std::uint64_t{1} << 20},
    {"GiB", std::uint64_t{1} << 30},
    {"TiB", std::uint64_t{1} << 40},
    {"KB", 1'000},
    {"MB", 1'000'000},
    {"GB", 1'000'000'000},
    {"TB", 1'000'000'000'000},
});

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
  const Error wrong{ErrorKind::invalid, "'" + std::string(text) +
                                            "' is no size; write a whole number and a unit (B, "
                                            "KiB, MiB, GiB, TiB), for example \"512MiB\""};
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return wrong;
  const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
  const auto* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                  [name](const Unit& each) { return each.name == name; });
  if (unit == kUnits.end()) return wrong;
  if (number > std::numeric_limits<std::uint64_t>::max() / unit->bytes) return wrong;
  return number * unit->bytes;
}

}  // namespace drover
