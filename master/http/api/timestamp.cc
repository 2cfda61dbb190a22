#include "master/http/api/timestamp.h"

#include <absl/time/time.h>

#include <chrono>

namespace drover::http {
namespace {

void append_padded(std::string& text, std::int64_t number, std::size_t digits, char after) {
  const std::string plain = std::to_string(number);
  if (plain.size() < digits) text.append(digits - plain.size(), '0');
  text.append(plain).push_back(after);
}

}  // namespace

std::optional<core::UnixMs> parse_timestamp(std::string_view text) {
  // Abseil takes years of any length, signed ones, and "infinite-past".
  constexpr std::size_t kBehindTheYear = 4;
  if (text.find('-') != kBehindTheYear) return std::nullopt;
  absl::Time time;
  std::string why;
  if (!absl::ParseTime(absl::RFC3339_full, absl::string_view(text.data(), text.size()), &time,
                       &why))
    return std::nullopt;
  return absl::ToUnixMillis(time);
}

std::string timestamp(core::UnixMs time) {
  using namespace std::chrono;
  const sys_time<milliseconds> point{milliseconds(time)};
  const sys_days day = floor<days>(point);
  const year_month_day date{day};
  const hh_mm_ss clock{point - day};
  std::string text;
  append_padded(text, static_cast<int>(date.year()), 4, '-');
  append_padded(text, static_cast<unsigned>(date.month()), 2, '-');
  append_padded(text, static_cast<unsigned>(date.day()), 2, 'T');
  append_padded(text, clock.hours().count(), 2, ':');
  append_padded(text, clock.minutes().count(), 2, ':');
  append_padded(text, clock.seconds().count(), 2, '.');
  append_padded(text, clock.subseconds().count(), 3, 'Z');
  return text;
}

}  // namespace drover::http
