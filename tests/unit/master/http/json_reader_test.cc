#include "master/http/json_reader.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <string>

#include "common/limits.h"

namespace drover::http {
namespace {

// Reads a text that must be refused.
Problem refused(std::string_view text) {
  JsonDocument document;
  auto problem = document.parse(text);
  EXPECT_TRUE(problem) << text;
  return problem.value_or(Problem{});
}

std::string word(std::string_view text) { return std::string(info(refused(text).code).word); }

std::string read(std::string_view text) {
  JsonDocument document;
  const auto problem = document.parse(text);
  EXPECT_FALSE(problem) << problem.value_or(Problem{}).message;
  return problem ? "" : boost::json::serialize(document.root());
}

TEST(JsonReader, ReadsEveryKindOfValue) {
  const std::string text = R"({"a":[1,-2,"x",true,null,{"b":{}}],"c":"任务"})";
  EXPECT_EQ(read(text), text);
  EXPECT_EQ(read(" 1 "), "1");
  EXPECT_EQ(read(R"("\u4efb\ud83d\ude00")"), "\"任😀\"");
}

TEST(JsonReader, ReadsLongKeysAndStrings) {
  const std::string text =
      "{\"" + std::string(20'000, 'k') + "\":\"" + std::string(20'000, 'v') + "\\u0041\"}";
  EXPECT_EQ(read(text).size(), text.size() - 5);
}

TEST(JsonReader, TellsAnEmptyBodyFromABadOne) {
  EXPECT_EQ(word(""), "empty_body");
  EXPECT_EQ(word(" \r\n\t"), "empty_body");
  EXPECT_EQ(word("no json"), "malformed_json");
}

TEST(JsonReader, RefusesAByteOrderMark) {
  const Problem problem = refused("\xEF\xBB\xBF{}");
  EXPECT_EQ(problem.code, Code::malformed_json);
  EXPECT_NE(problem.message.find("byte order mark"), std::string::npos);
}

TEST(JsonReader, RefusesInvalidUtf8AndSaysWhere) {
  const Problem problem = refused("{\n \"a\": \"\xFF\"}");
  EXPECT_EQ(problem.code, Code::malformed_json);
  EXPECT_NE(problem.message.find("line 2, column 8"), std::string::npos) << problem.message;
}

TEST(JsonReader, RefusesHalfASurrogatePair) {
  EXPECT_EQ(word(R"("\ud800")"), "malformed_json");
  EXPECT_EQ(word(R"("\udc00")"), "malformed_json");
}

TEST(JsonReader, RefusesWhatFollowsTheValue) {
  EXPECT_EQ(word("{} {}"), "malformed_json");
  EXPECT_EQ(word(R"({"a":1}x)"), "malformed_json");
  EXPECT_EQ(word(std::string_view("{}\0", 3)), "malformed_json");
}

TEST(JsonReader, RefusesWhatIsJsonInOtherPlacesOnly) {
  for (const char* text : {"{'a':1}", "{\"a\":1,}", "[1,]", "// c\n{}", "{a:1}", "NaN", "01", "+1",
                           "\"a\nb\"", "\"\\x41\"", "tru"}) {
    EXPECT_EQ(word(text), "malformed_json") << text;
  }
}

TEST(JsonReader, EndsAtTheDepthLimit) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(read(nested(limits::kJsonDepth)), nested(limits::kJsonDepth));
  EXPECT_EQ(word(nested(limits::kJsonDepth + 1)), "malformed_json");
  EXPECT_EQ(word(nested(100'000)), "malformed_json");
  EXPECT_EQ(word(std::string(100'000, '[')), "malformed_json");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(word(objects), "malformed_json");
}

TEST(JsonReader, RefusesTwoMembersOfOneNameAtAnyDepth) {
  EXPECT_NE(refused(R"({"a":1,"b":2,"a":1})").message.find("at /a:"), std::string::npos);
  const Problem deep = refused(R"({"x":[0,{"y":{"a/b":1,"a/b":1}}]})");
  EXPECT_EQ(deep.code, Code::duplicate_field);
  EXPECT_NE(deep.message.find("at /x/1/y/a~1b:"), std::string::npos) << deep.message;
  EXPECT_EQ(word(R"({"a":1,"\u0061":1})"), "duplicate_field") << "the same name, escaped";
}

TEST(JsonReader, TakesOneNameInDifferentObjects) {
  EXPECT_EQ(read(R"({"a":{"a":[{"a":1},{"a":1}]}})"), R"({"a":{"a":[{"a":1},{"a":1}]}})");
}

TEST(JsonReader, FindsADuplicateAmongVeryMany) {
  std::string text = "{";
  for (int i = 0; i < 50'000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  EXPECT_EQ(word(text + "\"k777\":0}"), "duplicate_field");
  read(text + "\"other\":0}");
}

TEST(JsonReader, SaysInWhichPartTheTextIsMalformed) {
  const Problem problem = refused("{\"a\": [1, {\"b\": x}]}");
  EXPECT_NE(problem.message.find("in /a/1"), std::string::npos) << problem.message;
  EXPECT_NE(problem.message.find("line 1, column 17"), std::string::npos) << problem.message;
}

TEST(JsonReader, RefusesATextCutAnywhere) {
  const std::string text = R"({"a":[1,-2.5e3,"x\u4efb",true,null,{"b":{}}],"c":"任务"})";
  for (std::size_t length = 0; length < text.size(); ++length) {
    refused(text.substr(0, length));
  }
  read(text);
}

}  // namespace
}  // namespace drover::http
