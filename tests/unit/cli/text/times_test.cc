#include "cli/text/times.h"

#include <gtest/gtest.h>

namespace drover::cli {
namespace {

using namespace std::chrono_literals;

Instant instant(const char* text) { return *parse_instant(text); }

TEST(Instants, AreReadAsTheApiWritesThem) {
  EXPECT_EQ(instant("1970-01-01T00:00:01.250Z").time_since_epoch(), 1250ms);
  EXPECT_EQ(instant("2024-02-29T00:00:00.000Z").time_since_epoch(), 1709164800000ms);
  EXPECT_EQ(instant("2024-02-29T02:00:00+02:00").time_since_epoch(), 1709164800000ms);
  for (const char* wrong :
       {"", "2024-02-30T00:00:00.000Z", "2024-02-29T00:00:00.000", "infinite-past", "x"}) {
    EXPECT_FALSE(parse_instant(wrong)) << wrong;
  }
}

TEST(Instants, AreWrittenAsTheApiReadsThem) {
  for (const char* text : {"1970-01-01T00:00:01.250Z", "2024-02-29T23:59:59.000Z"}) {
    EXPECT_EQ(instant_text(instant(text)), text);
  }
}

TEST(DurationText, NamesTheLargerUnits) {
  EXPECT_EQ(duration_text(0ms), "0s");
  EXPECT_EQ(duration_text(850ms), "850ms");
  EXPECT_EQ(duration_text(59s), "59s");
  EXPECT_EQ(duration_text(130s), "2m10s");
  EXPECT_EQ(duration_text(3h), "3h");
  EXPECT_EQ(duration_text(3h + 5s), "3h");
  EXPECT_EQ(duration_text(102h + 30min), "4d6h");
  EXPECT_EQ(duration_text(-5s), "0s");
}

TEST(AgeText, HasOneUnit) {
  const Instant now = instant("2025-03-09T12:00:00.000Z");
  EXPECT_EQ(age_text("2025-03-09T11:59:55.500Z", now), "4s");
  EXPECT_EQ(age_text("2025-03-09T11:57:50.000Z", now), "2m");
  EXPECT_EQ(age_text("2025-03-05T11:00:00.000Z", now), "4d");
  EXPECT_EQ(age_text("2025-03-09T12:00:01.000Z", now), "0s");
  EXPECT_EQ(age_text("", now), "");
}

TEST(TimeText, SaysHowLongAgoAndHowSoon) {
  const Instant now = instant("2025-03-09T12:00:00.000Z");
  EXPECT_TRUE(time_text("2025-03-09T11:57:50.000Z", now).ends_with(":50 (2m10s ago)"));
  EXPECT_TRUE(time_text("2025-03-09T12:00:05.000Z", now).ends_with(":05 (in 5s)"));
  EXPECT_EQ(time_text("soon", now), "soon");
}

}  // namespace
}  // namespace drover::cli
