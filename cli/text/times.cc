#include "cli/text/times.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>

namespace drover::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// The digits at `place`, all of them; -1: something else stands there.
int number_at(std::string_view text, std::size_t place, std::size_t digits) {
  int number = 0;
  const char* begin = text.data() + place;
  const auto [end, error] = std::from_chars(begin, begin + digits, number);
  return error == std::errc() && end == begin + digits ? number : -1;
}

bool has_shape(std::string_view text, std::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '0' ? !digit : text[i] != shape[i]) return false;
  }
  return true;
}

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
  if (!has_shape(text, "0000-00-00T00:00:00.000Z")) return std::nullopt;
  using namespace std::chrono;
  const year_month_day date{year(number_at(text, 0, 4)),
                            month(static_cast<unsigned>(number_at(text, 5, 2))),
                            day(static_cast<unsigned>(number_at(text, 8, 2)))};
  if (!date.ok()) return std::nullopt;
  return Instant(sys_days(date)) + hours(number_at(text, 11, 2)) + minutes(number_at(text, 14, 2)) +
         seconds(number_at(text, 17, 2)) + milliseconds(number_at(text, 20, 3));
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
