#include "master/http/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace drover::http {
namespace {

using testing::HasSubstr;

constexpr std::array kAllowed = {QueryParameter{"limit", schema::count, "100", ""},
                                 QueryParameter{"cursor", schema::text, "a", ""}};

QueryValues taken(std::string_view text) {
  QueryValues values;
  const auto problem = parse_query(text, "/things", kAllowed, values);
  EXPECT_FALSE(problem) << problem->message;
  return values;
}

std::string refused(std::string_view text, std::span<const QueryParameter> allowed = kAllowed) {
  QueryValues values;
  const auto problem = parse_query(text, "/things", allowed, values);
  EXPECT_TRUE(problem) << text << " was taken";
  return problem ? problem->message : "";
}

TEST(Query, ValuesAreDecoded) {
  const QueryValues values = taken("cursor=a%20b%2Fc%26d&limit=7");
  EXPECT_EQ(*values.find("cursor"), "a b/c&d");
  EXPECT_EQ(*values.find("limit"), "7");
  EXPECT_EQ(values.find("other"), nullptr);
  EXPECT_EQ(*taken("%6Cimit=%F0%9F%90%91").find("limit"), "\xF0\x9F\x90\x91");
  EXPECT_EQ(*taken("cursor=").find("cursor"), "");
  EXPECT_EQ(taken("").find("cursor"), nullptr);
}

TEST(Query, WhatIsNotTakenIsRefusedWithWhatIs) {
  EXPECT_EQ(refused("limt=1"), "/things takes no query parameter 'limt'; did you mean \"limit\"?");
  EXPECT_THAT(refused("x=1", {}), HasSubstr("takes no query parameters; leave out 'x'"));
  EXPECT_THAT(refused("limit=1&limit=1"), HasSubstr("'limit' is there twice"));
  EXPECT_THAT(refused("cursor=%FF"), HasSubstr("is not UTF-8"));
  EXPECT_THAT(refused("cursor=[a]^"), HasSubstr("write other characters as %XX"));
  EXPECT_THAT(refused("&"), HasSubstr("takes no query parameter"));
}

TEST(Query, NumbersAreWholeAndWithinBounds) {
  std::uint32_t number = 5;
  EXPECT_FALSE(read_number(taken(""), "limit", 1, 10, number));
  EXPECT_EQ(number, 5U) << "not given";
  EXPECT_FALSE(read_number(taken("limit=10"), "limit", 1, 10, number));
  EXPECT_EQ(number, 10U);
  for (const char* text : {"limit=", "limit=0", "limit=11", "limit=-1", "limit=+1", "limit=1x",
                           "limit=0x1", "limit=99999999999"}) {
    const auto problem = read_number(taken(text), "limit", 1, 10, number);
    ASSERT_TRUE(problem) << text;
    EXPECT_THAT(problem->message, HasSubstr("is no whole number from 1 to 10; write for example"));
  }
  EXPECT_EQ(number, 10U);
}

TEST(Query, FlagsAreTrueOrFalse) {
  bool flag = false;
  EXPECT_FALSE(read_flag(taken("limit=true"), "limit", flag));
  EXPECT_TRUE(flag);
  EXPECT_FALSE(read_flag(taken("limit=false"), "limit", flag));
  EXPECT_FALSE(flag);
  EXPECT_TRUE(read_flag(taken("limit=yes"), "limit", flag));
  EXPECT_FALSE(read_flag(taken(""), "limit", flag));
}

}  // namespace
}  // namespace drover::http
