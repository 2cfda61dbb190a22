// When something is due that is to happen again and again: a cron expression in a time zone.
//
//   minute hour day-of-month month day-of-week        30 2 * * mon-fri
//
// Each field is *, a number, a name (jan, mon), a range (1-5), any of these but a single value with
// a step (*/15), or a list of such. Sunday is 0 and 7. Where neither field of days begins with *,
// a day is right by either of them; otherwise it must be by both. @hourly, @daily, @weekly,
// @monthly and @yearly stand for what they say.
//
// A time is that of the zone's clocks. One that they skip comes right after the gap; with several
// in the gap, that is one time. One that they show twice counts when they show it first, so that
// what is due each minute is not while they show an hour for the second time.
#pragma once

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/result.h"
#include "master/schedule/cron_field.h"

namespace drover::schedule {

// An IANA name: "UTC", "Europe/Berlin". Reads the system's time zones.
Result<absl::TimeZone> load_zone(const std::string& name);

// Pure; immutable.
class Cron {
 public:
  // An error says which field is wrong and shows a right one; that of days also where no month that
  // is allowed has such a day.
  static Result<Cron> parse(std::string_view text);

  // The first time that is due after `unix_ms`. Nothing: none within 50 years.
  std::optional<std::int64_t> next_after(std::int64_t unix_ms, const absl::TimeZone& zone) const;

  // The last time that is due after `after` and not after `until`. Costs what is due in about twice
  // the pause before `until`, however long ago `after` is.
  std::optional<std::int64_t> last_between(std::int64_t after, std::int64_t until,
                                           const absl::TimeZone& zone) const;

 private:
  bool has_day(absl::CivilDay day) const;
  std::optional<absl::CivilDay> next_day(absl::CivilDay from) const;
  std::optional<absl::CivilMinute> next_minute(absl::CivilMinute from) const;

  Field minute_;
  Field hour_;
  Field day_of_month_;
  Field month_;
  Field day_of_week_;
};

}  // namespace drover::schedule
