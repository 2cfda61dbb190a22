#include "cli/document/yaml_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drover::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The one document of a text.
std::string json_of(const std::string& yaml) {
  const auto documents = json_of_yaml(yaml);
  if (!documents) return "error: " + documents.error().message;
  if (documents->size() != 1) return std::to_string(documents->size()) + " documents";
  return documents->front();
}

TEST(YamlJson, PlainScalarsHaveTheTypesOfTheCoreSchema) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"null", "null"},
      {"~", "null"},
      {"Null", "null"},
      {"true", "true"},
      {"TRUE", "true"},
      {"False", "false"},
      {"yes", "\"yes\""},
      {"on", "\"on\""},
      {"0", "0"},
      {"-17", "-17"},
      {"+17", "17"},
      {"007", "7"},
      {"000", "0"},
      {"0o17", "15"},
      {"0x1F", "31"},
      {"1.50", "1.50"},
      {".5", "0.5"},
      {"1.", "1"},
      {"-.5e3", "-0.5e3"},
      {"1E+3", "1e3"},
      {"1e-07", "1e-07"},
      {"1_000", "\"1_000\""},
      {"1.2.3", "\"1.2.3\""},
      {"10s", "\"10s\""},
      {"0b11", "\"0b11\""},
      {"0x", "\"0x\""},
      {"-", "\"-\""},
      {"e5", "\"e5\""},
      {"1e", "\"1e\""},
      {".", "\".\""},
      {"12:30", "\"12:30\""},
      {"数据", "\"数据\""},
      {"2025-03-09", "\"2025-03-09\""},
      {"123456789012345678901234567890", "123456789012345678901234567890"},
  };
  for (const auto& [yaml, json] : cases) {
    EXPECT_EQ(json_of("[" + std::string(yaml) + "]"), "[" + std::string(json) + "]") << yaml;
  }
}

TEST(YamlJson, QuotedScalarsAndBlocksAreStrings) {
  EXPECT_EQ(json_of("['1', \"true\", \"a\\nb\", '']"), R"(["1","true","a\nb",""])");
  EXPECT_EQ(json_of("command: |\n  set -e\n  echo \"hi\"\n"),
            R"({"command":"set -e\necho \"hi\"\n"})");
  EXPECT_EQ(json_of("a: >-\n  one\n  two\n"), R"({"a":"one two"})");
  EXPECT_EQ(json_of("[!!str 5, !!str true]"), R"(["5","true"])");
}

TEST(YamlJson, NothingIsNull) { EXPECT_EQ(json_of("{a: , b: x}"), R"({"a":null,"b":"x"})"); }

TEST(YamlJson, KeysAreStrings) {
  EXPECT_EQ(json_of("80: a\ntrue: b\nx: {y: [1, {}]}\n"),
            R"({"80":"a","true":"b","x":{"y":[1,{}]}})");
}

TEST(YamlJson, OrderIsKept) { EXPECT_EQ(json_of("{z: 1, a: 2, m: 3}"), R"({"z":1,"a":2,"m":3})"); }

TEST(YamlJson, AliasesAreWhatTheyStandFor) {
  EXPECT_EQ(json_of("a: &x {k: 1}\nb: *x\n"), R"({"a":{"k":1},"b":{"k":1}})");
}

TEST(YamlJson, DocumentsAreToldApart) {
  const auto documents = json_of_yaml("---\na: 1\n---\n---\nb: 2\n...\n");
  ASSERT_TRUE(documents) << documents.error().message;
  EXPECT_THAT(*documents, ElementsAre(R"({"a":1})", R"({"b":2})"));
  EXPECT_TRUE(json_of_yaml("# nothing\n")->empty());
}

TEST(YamlJson, WhatJsonCannotSayIsRefusedWithItsLine) {
  EXPECT_THAT(json_of("a: 1\nb: .nan\n"), HasSubstr("line 2: .nan"));
  EXPECT_THAT(json_of("a: -.inf\n"), HasSubstr("line 1: -.inf"));
  EXPECT_THAT(json_of("a: 1\n\na: 2\n"), HasSubstr("line 3: 'a' is given twice"));
  EXPECT_THAT(json_of("? [1, 2]\n: x\n"), HasSubstr("no plain text"));
  EXPECT_THAT(json_of("a: !secret x\n"), HasSubstr("line 1: the tag !secret"));
  EXPECT_THAT(json_of("a: [1\nb: 2\n"), HasSubstr("error: line "));
  EXPECT_THAT(json_of("a: *nothing\n"), HasSubstr("error: line 1"));
  EXPECT_THAT(json_of("a:\n\t- b\n"), HasSubstr("error: line 2"));
}

TEST(YamlJson, NeitherDepthNorAliasesGoOnForEver) {
  EXPECT_THAT(json_of(std::string(100, '[') + std::string(100, ']')), HasSubstr("deeper than 64"));
  std::string laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int more = 0; more < 8; ++more) laughs += ", " + before;
    laughs += "]\n";
  }
  EXPECT_THAT(json_of(laughs), HasSubstr("longer than"));
}

}  // namespace
}  // namespace drover::cli
