// Times as the API shows and reads them.
#include "master/http/api/timestamp.h"

#include <gtest/gtest.h>

namespace drover::http {
namespace {

TEST(Timestamp, IsReadAsItIsShown) {
  for (const core::UnixMs time : {0LL, 1LL, 951'782'399'999LL, 1'764'024'300'120LL}) {
    EXPECT_EQ(parse_timestamp(timestamp(time)), time) << timestamp(time);
  }
}

TEST(Timestamp, ComesInTheFormsOfRfc3339) {
  const core::UnixMs noon = parse_timestamp("2026-11-25T12:00:00Z").value_or(0);
  EXPECT_EQ(noon, 1'795'608'000'000);
  EXPECT_EQ(parse_timestamp("2026-11-25t12:00:00z"), noon);
  EXPECT_EQ(parse_timestamp("2026-11-25T14:30:00+02:30"), noon);
  EXPECT_EQ(parse_timestamp("2026-11-24T23:00:00-13:00"), noon);
  EXPECT_EQ(parse_timestamp("2026-11-25T12:00:00.5Z"), noon + 500);
  EXPECT_EQ(parse_timestamp("2026-11-25T12:00:00.123456789Z"), noon + 123);
  EXPECT_EQ(parse_timestamp("2026-11-25T11:59:60Z"), noon);
}

TEST(Timestamp, IsNothingElse) {
  for (const char* text : {"", "yesterday", "2026-11-25", "2026-11-25T12:00:00",
                           "2026-11-25 12:00:00Z", "2026-02-30T12:00:00Z", "2026-13-01T12:00:00Z",
                           "2026-11-25T24:00:00Z", "2026-11-25T12:00:00.Z", "2026-11-25T12:00:00Zx",
                           "26-11-25T12:00:00Z", "infinite-future", "-026-11-25T12:00:00Z"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace drover::http
