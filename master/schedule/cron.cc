#include "master/schedule/cron.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace drover::schedule {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kDays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

constexpr FieldRule kMinute{"minute", "*/15", 0, 59};
constexpr FieldRule kHour{"hour", "9-17", 0, 23};
constexpr FieldRule kDayOfMonth{"day-of-month", "1,15", 1, 31};
constexpr FieldRule kMonth{"month", "jan-jun", 1, 12, kMonths, 1};
constexpr FieldRule kDayOfWeek{"day-of-week", "mon-fri", 0, 7, kDays, 0, true};

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kNicknames = {{
    {"@hourly", "0 * * * *"},
    {"@daily", "0 0 * * *"},
    {"@weekly", "0 0 * * 0"},
    {"@monthly", "0 0 1 * *"},
    {"@yearly", "0 0 1 1 *"},
}};

// The rarest of all, a 29 February that is a certain day of the week, comes within 40 years.
constexpr int kYearsAhead = 50;

Error invalid(const std::string& what) {
  return {ErrorKind::invalid, what + "; right is, for example, \"30 2 * * mon-fri\""};
}

std::vector<std::string_view> split_at_spaces(std::string_view text) {
  std::vector<std::string_view> words;
  constexpr std::string_view kSpaces = " \t";
  for (;;) {
    const std::size_t begin = text.find_first_not_of(kSpaces);
    if (begin == std::string_view::npos) return words;
    const std::size_t end = std::min(text.find_first_of(kSpaces, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

int longest(int month) {
  if (month == 2) return 29;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Whether one of the months has one of the days.
bool can_come(const Field& day, const Field& month) {
  for (int number = 1; number <= 12; ++number) {
    for (int each = 1; month.has(number) && each <= longest(number); ++each) {
      if (day.has(each)) return true;
    }
  }
  return false;
}

// When the zone's clocks show the time first, or the end of the gap that it is in.
std::int64_t instant_of(absl::CivilMinute minute, const absl::TimeZone& zone) {
  const absl::TimeZone::TimeInfo shown = zone.At(absl::CivilSecond(minute));
  const bool skipped = shown.kind == absl::TimeZone::TimeInfo::SKIPPED;
  return absl::ToUnixMillis(skipped ? shown.trans : shown.pre);
}

// The first value from `from` to `most`; nothing: there is none.
std::optional<int> next_value(const Field& field, int from, int most) {
  for (int value = from; value <= most; ++value) {
    if (field.has(value)) return value;
  }
  return std::nullopt;
}

}  // namespace

Result<absl::TimeZone> load_zone(const std::string& name) {
  absl::TimeZone zone;
  // The library takes more: paths, offsets, whatever this machine has set.
  constexpr std::string_view kOfNames =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_+-";
  const bool is_name = name.find_first_not_of(kOfNames) == std::string::npos &&
                       !name.starts_with('/') && !name.starts_with("Fixed/") &&
                       name != "localtime" && !name.empty();
  if (is_name && absl::LoadTimeZone(name, &zone)) return zone;
  return Error{ErrorKind::invalid, "no time zone is called \"" + name +
                                       "\"; right is, for example, \"Europe/Berlin\" or \"UTC\""};
}

Result<Cron> Cron::parse(std::string_view text) {
  std::vector<std::string_view> words = split_at_spaces(text);
  if (words.size() == 1 && words[0].starts_with('@')) {
    const auto* const found =
        std::find_if(kNicknames.begin(), kNicknames.end(),
                     [&](const auto& each) { return each.first == words[0]; });
    if (found == kNicknames.end()) {
      return invalid("\"" + std::string(words[0]) +
                     "\" is not @hourly, @daily, @weekly, @monthly or @yearly");
    }
    words = split_at_spaces(found->second);
  }
  if (words.size() != 5) {
    return invalid("has " + std::to_string(words.size()) +
                   " fields and not the five minute, hour, day-of-month, month, day-of-week");
  }
  Cron cron;
  const std::array<std::pair<Field*, const FieldRule*>, 5> fields = {
      {{&cron.minute_, &kMinute},
       {&cron.hour_, &kHour},
       {&cron.day_of_month_, &kDayOfMonth},
       {&cron.month_, &kMonth},
       {&cron.day_of_week_, &kDayOfWeek}}};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto field = parse_field(words[i], *fields[i].second);
    if (!field) return field.error();
    *fields[i].first = *field;
  }
  const bool either = cron.day_of_month_.restricted && cron.day_of_week_.restricted;
  if (!either && !can_come(cron.day_of_month_, cron.month_)) {
    return invalid("day-of-month \"" + std::string(words[2]) + "\" comes in no month of \"" +
                   std::string(words[3]) + "\"");
  }
  return cron;
}

bool Cron::has_day(absl::CivilDay day) const {
  if (!month_.has(day.month())) return false;
  // Abseil's week begins with Monday as 0.
  const int weekday = (static_cast<int>(absl::GetWeekday(day)) + 1) % 7;
  const bool by_month = day_of_month_.has(day.day());
  const bool by_week = day_of_week_.has(weekday);
  const bool either = day_of_month_.restricted && day_of_week_.restricted;
  return either ? by_month || by_week : by_month && by_week;
}

std::optional<absl::CivilDay> Cron::next_day(absl::CivilDay from) const {
  const absl::CivilDay end(from.year() + kYearsAhead, 1, 1);
  for (absl::CivilDay day = from; day < end;) {
    if (has_day(day)) return day;
    const bool right_month = month_.has(day.month());
    day = right_month ? day + 1 : absl::CivilDay(absl::CivilMonth(day) + 1);
  }
  return std::nullopt;
}

// The first that is right, from `from` on.
std::optional<absl::CivilMinute> Cron::next_minute(absl::CivilMinute from) const {
  for (absl::CivilMinute at = from;;) {
    const auto day = next_day(absl::CivilDay(at));
    if (!day) return std::nullopt;
    if (absl::CivilDay(at) < *day) at = absl::CivilMinute(*day);
    if (hour_.has(at.hour())) {
      if (const auto minute = next_value(minute_, at.minute(), 59)) {
        return absl::CivilMinute(absl::CivilHour(at)) + *minute;
      }
    }
    if (const auto hour = next_value(hour_, at.hour() + 1, 23)) {
      at = absl::CivilMinute(absl::CivilHour(*day) + *hour);
    } else {
      at = absl::CivilMinute(*day + 1);
    }
  }
}

std::optional<std::int64_t> Cron::next_after(std::int64_t unix_ms,
                                             const absl::TimeZone& zone) const {
  // What the clocks have shown before is never due later, so the search begins with what they show.
  absl::CivilMinute from(zone.At(absl::FromUnixMillis(unix_ms)).cs);
  for (;;) {
    const auto minute = next_minute(from);
    if (!minute) return std::nullopt;
    const std::int64_t due = instant_of(*minute, zone);
    if (due > unix_ms) return due;
    from = *minute + 1;
  }
}

std::optional<std::int64_t> Cron::last_between(std::int64_t after, std::int64_t until,
                                               const absl::TimeZone& zone) const {
  // Looks back twice as far each time, until something is due there.
  for (std::int64_t back = 60'000; after < until; back *= 2) {
    const std::int64_t from = until - after > back ? until - back : after;
    std::optional<std::int64_t> last;
    for (auto due = next_after(from, zone); due && *due <= until; due = next_after(*due, zone)) {
      last = due;
    }
    if (last || from == after) return last;
  }
  return std::nullopt;
}

}  // namespace drover::schedule
