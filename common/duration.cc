#include "common/duration.h"

#include <charconv>
#include <cstdint>

namespace drover {

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const Error wrong{ErrorKind::invalid, "'" + std::string(text) +
                                            "' is no duration; write a whole number and a unit "
                                            "(ms, s, m, h), for example \"10s\""};
  // Ten digits at the most: no unit can then overflow 64 bits of milliseconds.
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || digits > 10) return wrong;

  const std::string_view unit = text.substr(digits);
  const auto count = static_cast<std::int64_t>(number);
  if (unit == "ms") return std::chrono::milliseconds(count);
  if (unit == "s") return std::chrono::milliseconds(std::chrono::seconds(count));
  if (unit == "m") return std::chrono::milliseconds(std::chrono::minutes(count));
  if (unit == "h") return std::chrono::milliseconds(std::chrono::hours(count));
  return wrong;
}

}  // namespace drover
