#include "cli/text/times.h"

#include <absl/time/time.h>

#include <array>
#include <ctime>

namespace drover::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct Unit {
  milliseconds length;
  const char* name;
};
constexpr std::array kUnits{Unit{24h, "d"}, Unit{1h, "h"}, Unit{1min, "m"}, Unit{1s, "s"}};

// In the largest unit of which there is one, and in the next if it is asked for.
std::string in_units(milliseconds duration, std::size_t most) {
  std::string text;
  std::size_t units = 0;
  for (const Unit& unit : kUnits) {
    if (units == most) break;
    const auto count = duration / unit.length;
    duration -= count * unit.length;
    if (count > 0) text += std::to_string(count) + unit.name;
    if (count > 0 || units > 0) ++units;
  }
  return text.empty() ? "0s" : text;
}

std::string local_text(Instant instant) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(instant);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
  return text.data();
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
  // Abseil takes years of any length, signed ones, and "infinite-past".
  constexpr std::size_t kBehindTheYear = 4;
  if (text.find('-') != kBehindTheYear) return std::nullopt;
  absl::Time time;
  std::string why;
  if (!absl::ParseTime(absl::RFC3339_full, {text.data(), text.size()}, &time, &why)) {
    return std::nullopt;
  }
  return Instant(milliseconds(absl::ToUnixMillis(time)));
}

std::string instant_text(Instant instant) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ",
                          absl::FromUnixMillis(instant.time_since_epoch().count()),
                          absl::UTCTimeZone());
}

std::string duration_text(milliseconds duration) {
  if (duration > 0ms && duration < 1s) return std::to_string(duration.count()) + "ms";
  return in_units(duration, 2);
}

std::string age_text(std::string_view text, Instant now) {
  const auto then = parse_instant(text);
  return then ? in_units(now - *then, 1) : "";
}

std::string time_text(std::string_view text, Instant now) {
  const auto then = parse_instant(text);
  if (!then) return std::string(text);
  if (*then > now) return local_text(*then) + " (in " + duration_text(*then - now) + ")";
  return local_text(*then) + " (" + duration_text(now - *then) + " ago)";
}

}  // namespace drover::cli
