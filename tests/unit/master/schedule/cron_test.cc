#include "master/schedule/cron.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace drover::schedule {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kWithOffset[] = "%Y-%m-%d %H:%M %Ez";

Cron cron(const std::string& text) { return Cron::parse(text).value(); }

// "2026-03-29 01:59 +01:00"
std::int64_t at(const std::string& text) {
  absl::Time time;
  std::string problem;
  EXPECT_TRUE(absl::ParseTime(kWithOffset, text, &time, &problem)) << text << ": " << problem;
  return absl::ToUnixMillis(time);
}

std::string text_of(std::int64_t unix_ms, const std::string& zone) {
  return absl::FormatTime(kWithOffset, absl::FromUnixMillis(unix_ms), load_zone(zone).value());
}

// The next few times, as the zone's clocks show them.
std::vector<std::string> times(const std::string& text, const std::string& after, int count,
                               const std::string& zone = "UTC") {
  const Cron parsed = cron(text);
  std::vector<std::string> found;
  std::int64_t last = at(after);
  for (int i = 0; i < count; ++i) {
    const auto next = parsed.next_after(last, load_zone(zone).value());
    if (!next) break;
    EXPECT_GT(*next, last);
    last = *next;
    found.push_back(text_of(last, zone));
  }
  return found;
}

std::string refusal(const std::string& text) {
  const auto parsed = Cron::parse(text);
  return parsed ? "taken" : parsed.error().message;
}

TEST(Cron, ListsRangesStepsAndNames) {
  EXPECT_THAT(times("*/20 9-10 * * *", "2026-11-25 09:20 +00:00", 4),
              ElementsAre("2026-11-25 09:40 +00:00", "2026-11-25 10:00 +00:00",
                          "2026-11-25 10:20 +00:00", "2026-11-25 10:40 +00:00"));
  EXPECT_THAT(
      times("50/5 0 1 JAN,Jul *", "2026-11-25 00:00 +00:00", 3),
      ElementsAre("2027-01-01 00:50 +00:00", "2027-01-01 00:55 +00:00", "2027-07-01 00:50 +00:00"));
  EXPECT_THAT(times("0 0 * * fri-sun", "2026-11-25 00:00 +00:00", 4),
              ElementsAre("2026-11-27 00:00 +00:00", "2026-11-28 00:00 +00:00",
                          "2026-11-29 00:00 +00:00", "2026-12-04 00:00 +00:00"));
  EXPECT_THAT(times("10-40/15,59 0 * * *", "2026-11-25 00:00 +00:00", 4),
              ElementsAre("2026-11-25 00:10 +00:00", "2026-11-25 00:25 +00:00",
                          "2026-11-25 00:40 +00:00", "2026-11-25 00:59 +00:00"));
}

TEST(Cron, SundayIsSevenToo) {
  for (const std::string day : {"0", "7", "sun", "SUN", "7-7", "*/7"}) {
    EXPECT_THAT(times("0 0 * * " + day, "2026-11-25 00:00 +00:00", 2),
                ElementsAre("2026-11-29 00:00 +00:00", "2026-12-06 00:00 +00:00"))
        << day;
  }
}

TEST(Cron, DaysOfMonthAndOfWeekAreEitherWhereBothAreRestricted) {
  EXPECT_THAT(times("0 0 1,28 * mon", "2026-11-25 00:00 +00:00", 4),
              ElementsAre("2026-11-28 00:00 +00:00", "2026-11-30 00:00 +00:00",
                          "2026-12-01 00:00 +00:00", "2026-12-07 00:00 +00:00"));
  // A field that begins with * restricts nothing by this rule, so that both must be right.
  EXPECT_THAT(times("0 0 */2 * mon", "2026-11-25 00:00 +00:00", 2),
              ElementsAre("2026-12-07 00:00 +00:00", "2026-12-21 00:00 +00:00"));
  EXPECT_THAT(times("0 0 30 2 mon", "2026-01-31 00:00 +00:00", 2),
              ElementsAre("2026-02-02 00:00 +00:00", "2026-02-09 00:00 +00:00"))
      << "a day that never comes is no harm beside one that does";
}

TEST(Cron, Nicknames) {
  const std::string after = "2026-11-25 10:30 +00:00";
  EXPECT_THAT(times("@hourly", after, 1), ElementsAre("2026-11-25 11:00 +00:00"));
  EXPECT_THAT(times("@daily", after, 1), ElementsAre("2026-11-26 00:00 +00:00"));
  EXPECT_THAT(times("@weekly", after, 1), ElementsAre("2026-11-29 00:00 +00:00"));
  EXPECT_THAT(times("@monthly", after, 1), ElementsAre("2026-12-01 00:00 +00:00"));
  EXPECT_THAT(times(" @yearly ", after, 1), ElementsAre("2027-01-01 00:00 +00:00"));
}

TEST(Cron, EndsOfMonthsAndLeapYears) {
  EXPECT_THAT(
      times("0 12 31 * *", "2026-11-25 00:00 +00:00", 3),
      ElementsAre("2026-12-31 12:00 +00:00", "2027-01-31 12:00 +00:00", "2027-03-31 12:00 +00:00"));
  EXPECT_THAT(
      times("59 23 28-31 2 *", "2028-02-28 00:00 +00:00", 3),
      ElementsAre("2028-02-28 23:59 +00:00", "2028-02-29 23:59 +00:00", "2029-02-28 23:59 +00:00"));
  EXPECT_THAT(times("0 0 29 feb *", "2096-02-29 00:00 +00:00", 1),
              ElementsAre("2104-02-29 00:00 +00:00"))
      << "2100 is no leap year";
  EXPECT_THAT(times("0 0 29 2 */7", "2088-03-01 00:00 +00:00", 1),
              ElementsAre("2128-02-29 00:00 +00:00"))
      << "a Sunday, 40 years on";
}

TEST(Cron, ATimeIsDueAtItsBeginningAndOnce) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const std::int64_t noon = at("2026-11-25 12:00 +00:00");
  const Cron daily = cron("0 12 * * *");
  EXPECT_EQ(daily.next_after(noon - 1, utc), noon);
  EXPECT_EQ(daily.next_after(noon, utc), noon + 86'400'000);
  EXPECT_EQ(daily.next_after(noon + 59'999, utc), noon + 86'400'000);
}

TEST(Cron, WhatTheClocksSkipComesRightAfterTheGap) {
  EXPECT_THAT(times("30 2 * * *", "2026-03-28 12:00 +01:00", 2, "Europe/Berlin"),
              ElementsAre("2026-03-29 03:00 +02:00", "2026-03-30 02:30 +02:00"));
  EXPECT_THAT(times("30 2 * * *", "2026-03-07 12:00 -05:00", 2, "America/New_York"),
              ElementsAre("2026-03-08 03:00 -04:00", "2026-03-09 02:30 -04:00"));
  EXPECT_THAT(times("*/20 2-3 * * *", "2026-03-29 01:59 +01:00", 2, "Europe/Berlin"),
              ElementsAre("2026-03-29 03:00 +02:00", "2026-03-29 03:20 +02:00"))
      << "several times in the gap, and one right after it, are one time";
}

TEST(Cron, WhatTheClocksShowTwiceIsDueTheFirstTimeOnly) {
  EXPECT_THAT(times("30 2 * * *", "2026-10-24 12:00 +02:00", 2, "Europe/Berlin"),
              ElementsAre("2026-10-25 02:30 +02:00", "2026-10-26 02:30 +01:00"));
  EXPECT_THAT(times("30 1 * * *", "2026-10-31 12:00 -04:00", 2, "America/New_York"),
              ElementsAre("2026-11-01 01:30 -04:00", "2026-11-02 01:30 -05:00"));
  EXPECT_THAT(times("*/30 * * * *", "2026-10-25 02:00 +02:00", 2, "Europe/Berlin"),
              ElementsAre("2026-10-25 02:30 +02:00", "2026-10-25 03:00 +01:00"));
  EXPECT_THAT(times("30 2 * * *", "2026-10-25 02:10 +01:00", 1, "Europe/Berlin"),
              ElementsAre("2026-10-26 02:30 +01:00"))
      << "from within the hour that comes again";
}

TEST(Cron, OddZones) {
  EXPECT_THAT(times("15 2 * * *", "2026-10-03 12:00 +10:30", 1, "Australia/Lord_Howe"),
              ElementsAre("2026-10-04 02:30 +11:00"))
      << "their clocks skip half an hour";
  EXPECT_THAT(times("0 12 * * *", "2011-12-29 12:00 -10:00", 2, "Pacific/Apia"),
              ElementsAre("2011-12-31 00:00 +14:00", "2011-12-31 12:00 +14:00"))
      << "theirs skipped a day";
  EXPECT_THAT(times("0 0 * * *", "2026-11-25 12:00 +05:45", 1, "Asia/Kathmandu"),
              ElementsAre("2026-11-26 00:00 +05:45"));
}

TEST(Cron, TheLastThatWasMissed) {
  const absl::TimeZone berlin = load_zone("Europe/Berlin").value();
  const Cron daily = cron("30 2 * * *");
  const std::int64_t monday = at("2026-11-23 02:30 +01:00");
  const std::int64_t thursday = at("2026-11-26 02:30 +01:00");
  EXPECT_EQ(daily.last_between(monday, thursday - 1, berlin), thursday - 86'400'000);
  EXPECT_EQ(daily.last_between(monday, thursday, berlin), thursday);
  EXPECT_EQ(daily.last_between(monday, thursday + 3'600'000, berlin), thursday);
  EXPECT_EQ(daily.last_between(monday, monday + 86'399'999, berlin), std::nullopt);
  EXPECT_EQ(daily.last_between(thursday, monday, berlin), std::nullopt);
  EXPECT_EQ(cron("* * * * *").last_between(0, thursday + 59'999, berlin), thursday)
      << "what was missed for half a century is not looked at one by one";
}

// Each time that is found is allowed, and none that is allowed is passed over: told once more,
// minute by minute, over a year with both changes of the clocks.
TEST(Cron, MinuteByMinuteItIsTheSame) {
  for (const std::string zone_name : {"Europe/Berlin", "America/New_York"}) {
    const absl::TimeZone zone = load_zone(zone_name).value();
    const Cron odd = cron("*/7 1-3 */3 * mon-sat");
    std::int64_t found = at("2026-01-01 00:00 +00:00");
    const std::int64_t end = at("2027-01-01 00:00 +00:00");
    absl::CivilMinute highest(2025, 1, 1);
    bool skipped = false;
    for (std::int64_t minute = found + 60'000; minute < end; minute += 60'000) {
      const absl::CivilMinute shown(zone.At(absl::FromUnixMillis(minute)).cs);
      if (shown <= highest) continue;  // shown once before
      skipped = shown > highest + 1 && highest.year() > 2025;
      bool due = false;
      for (absl::CivilMinute each = skipped ? highest + 1 : shown; each <= shown; ++each) {
        const int weekday = (static_cast<int>(absl::GetWeekday(each)) + 1) % 7;
        due = due || (each.minute() % 7 == 0 && each.hour() >= 1 && each.hour() <= 3 &&
                      each.day() % 3 == 1 && weekday != 0);
      }
      highest = shown;
      if (!due) continue;
      const auto next = odd.next_after(found, zone);
      ASSERT_EQ(next, minute) << text_of(minute, zone_name);
      found = minute;
    }
  }
}

TEST(Cron, ARefusalNamesTheFieldAndShowsARightOne) {
  EXPECT_EQ(refusal("60 * * * *"),
            "minute \"60\" is not *, a number from 0 to 59, or a range or list of them; right is, "
            "for example, \"*/15\"");
  EXPECT_THAT(refusal("0 24 * * *"), HasSubstr("hour \"24\" is not *, a number from 0 to 23"));
  EXPECT_THAT(refusal("0 0 0 * *"), HasSubstr("day-of-month \"0\""));
  EXPECT_THAT(refusal("0 0 * 13 *"), HasSubstr("month \"13\""));
  EXPECT_THAT(refusal("0 0 * mon *"), HasSubstr("month \"mon\""));
  EXPECT_THAT(refusal("0 0 * * 8"), HasSubstr("day-of-week \"8\""));
  EXPECT_THAT(refusal("0 0 * * monday"), HasSubstr("a name such as sat"));
  EXPECT_THAT(refusal("30-10 * * * *"), HasSubstr("a range that ends before it begins"));
  EXPECT_THAT(refusal("*/0 * * * *"), HasSubstr("minute \"*/0\" has a step that is not"));
  EXPECT_THAT(refusal("0 */ * * *"), HasSubstr("hour \"*/\" has a step"));
  EXPECT_THAT(refusal("0 0 30,31 feb *"), HasSubstr("day-of-month \"30,31\" comes in no month"));
  EXPECT_THAT(refusal("0 0 * *"), HasSubstr("has 4 fields and not the five"));
  EXPECT_THAT(refusal(""), HasSubstr("has 0 fields"));
  EXPECT_THAT(refusal("0 0 * * * *"), HasSubstr("has 6 fields"));
  EXPECT_THAT(refusal("@midnight"), HasSubstr("\"@midnight\" is not @hourly"));
  for (const std::string field : {"",
                                  ",",
                                  "1,",
                                  ",1",
                                  "-1",
                                  "1-",
                                  "-",
                                  "--",
                                  "+1",
                                  "1-2-3",
                                  "*-2",
                                  "1/2/3",
                                  "/2",
                                  "**",
                                  "99999999999999999999",
                                  "*/99999999999999999999",
                                  "0x1",
                                  "1.5",
                                  "L",
                                  "?"}) {
    EXPECT_NE(refusal(field + " 0 * * *"), "taken") << field;
  }
}

TEST(Zone, OnlyNamesAreTaken) {
  for (const std::string name : {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"}) {
    EXPECT_TRUE(load_zone(name)) << name;
  }
  for (const std::string name : {"", "Europe/Atlantis", "/etc/localtime", "localtime", ":UTC",
                                 "../zoneinfo/UTC", "Fixed/UTC+01:00:00", "file:/etc/localtime"}) {
    const auto zone = load_zone(name);
    ASSERT_FALSE(zone) << name;
    EXPECT_THAT(zone.error().message, HasSubstr("for example, \"Europe/Berlin\""));
  }
}

}  // namespace
}  // namespace drover::schedule
