#include "master/http/json_text.h"

#include <gtest/gtest.h>

namespace drover::http {
namespace {

TEST(CompactJson, DropsOnlyInsignificantWhiteSpace) {
  EXPECT_EQ(compact_json(" {\r\n\t\"a b\" : [ 1.50e+2 , \"x  y\" ] } "),
            R"({"a b":[1.50e+2,"x  y"]})");
}

TEST(CompactJson, KeepsOrderEscapesAndNumbers) {
  const std::string text = R"({"z":"\u4efb\"\\","a":"任务","n":0.10})";
  EXPECT_EQ(compact_json(text), text);
}

TEST(CompactJson, SeesTheEndOfStringsWithEscapes) {
  EXPECT_EQ(compact_json(R"({"a": "\\" , "b": "\" c "})"), R"({"a":"\\","b":"\" c "})");
}

TEST(Utf8, TakesEveryLengthOfCharacter) {
  EXPECT_FALSE(find_invalid_utf8("plain, \xC3\xA9, \xE4\xBB\xBB, \xF0\x9F\x98\x80 and more text"));
  EXPECT_FALSE(find_invalid_utf8("\xEF\xBF\xBF\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"));
}

TEST(Utf8, NamesThePlaceOfTheFirstWrongByte) {
  EXPECT_EQ(find_invalid_utf8("12345678\xFF"), 8U);
  EXPECT_EQ(find_invalid_utf8("ab\x80"), 2U);
  EXPECT_EQ(find_invalid_utf8("\xC0\xAF"), 0U) << "overlong";
  EXPECT_EQ(find_invalid_utf8("\xE0\x80\xAF"), 0U) << "overlong";
  EXPECT_EQ(find_invalid_utf8("\xF0\x80\x80\xAF"), 0U) << "overlong";
  EXPECT_EQ(find_invalid_utf8("a\xED\xA0\x80"), 1U) << "surrogate";
  EXPECT_EQ(find_invalid_utf8("\xF4\x90\x80\x80"), 0U) << "beyond U+10FFFF";
  EXPECT_EQ(find_invalid_utf8("\xE4\xBB"), 0U) << "cut short";
}

TEST(ControlCharacters, AreC0DelAndC1) {
  EXPECT_FALSE(has_control_character("任务 \xC2\xA0 a~"));
  EXPECT_TRUE(has_control_character("a\x1F"));
  EXPECT_TRUE(has_control_character("\x7F"));
  EXPECT_TRUE(has_control_character("a\xC2\x85"));
  EXPECT_TRUE(has_control_character(std::string_view("a\0", 2)));
}

TEST(Excerpt, IsPrintableAndShort) {
  EXPECT_EQ(excerpt("任务"), "'任务'");
  EXPECT_EQ(excerpt("a\xFF\n"), "'a?\?'");
  const std::string shown = excerpt(std::string(10'000, 'x'));
  EXPECT_LT(shown.size(), 100U);
  EXPECT_TRUE(shown.ends_with("...'"));
}

}  // namespace
}  // namespace drover::http
