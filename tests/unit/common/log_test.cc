#include "common/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

namespace drover::log {
namespace {

TEST(LogTest, OneEventIsOneLineOfPairs) {
  EXPECT_EQ(format_line("ready", {}), "ready");
  EXPECT_EQ(format_line("node online", {{"node", "0190b5e2"}, {"cpus", 8}, {"degraded", false}}),
            "node online node=0190b5e2 cpus=8 degraded=false");
  EXPECT_EQ(format_line("n", {{"least", INT64_MIN}, {"most", UINT64_MAX}}),
            "n least=-9223372036854775808 most=18446744073709551615");
}

TEST(LogTest, WhatCouldBeTakenForSomethingElseIsQuoted) {
  EXPECT_EQ(format_line("e", {{"a", ""}}), "e a=\"\"");
  EXPECT_EQ(format_line("e", {{"a", "two words"}}), "e a=\"two words\"");
  EXPECT_EQ(format_line("e", {{"a", "k=v"}}), "e a=\"k=v\"");
  EXPECT_EQ(format_line("e", {{"a", "say \"hi\" \\"}}), "e a=\"say \\\"hi\\\" \\\\\"");
}

TEST(LogTest, NoValueCanForgeALine) {
  using namespace std::string_literals;
  EXPECT_EQ(format_line("e", {{"a", "x\ny\r\t\0\x1b[2J\x7f"s}}),
            "e a=\"x\\x0ay\\x0d\\x09\\x00\\x1b[2J\\x7f\"");
}

TEST(LogTest, NamesInAnyScriptAreReadable) {
  EXPECT_EQ(format_line("e", {{"task", "数据清洗器"}}), "e task=数据清洗器");
}

TEST(LogTest, TheLineHasTimeAndLevelAndGoesToStderr) {
  testing::internal::CaptureStderr();
  info("ready", {{"port", 8420}});
  warning("slow", {});
  error("braces {} are no format", {});
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::MatchesRegex("[0-9-]+T[0-9:.]+Z info ready port=8420\n"
                                    "[0-9-]+T[0-9:.]+Z warning slow\n"
                                    "[0-9-]+T[0-9:.]+Z error braces \\{\\} are no format\n"));
}

}  // namespace
}  // namespace drover::log
