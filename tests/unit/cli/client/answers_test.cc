#include "cli/client/answers.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>

namespace drover::cli {
namespace {

ErrorKind kind_of(unsigned status) {
  return read_answer({status, R"({"status":"error","code":"x","message":"so"})"}).error().kind;
}

TEST(Answers, TheStatusSaysWhatKindOfErrorItIs) {
  EXPECT_EQ(kind_of(400), ErrorKind::invalid);
  EXPECT_EQ(kind_of(403), ErrorKind::invalid);
  EXPECT_EQ(kind_of(404), ErrorKind::not_found);
  EXPECT_EQ(kind_of(409), ErrorKind::conflict);
  EXPECT_EQ(kind_of(412), ErrorKind::conflict);
  EXPECT_EQ(kind_of(429), ErrorKind::unavailable);
  EXPECT_EQ(kind_of(503), ErrorKind::unavailable);
}

TEST(Answers, TheMessageIsTheMasters) {
  EXPECT_EQ(read_answer({404, R"({"message":"no such thing"})"}).error().message, "no such thing");
  const auto strange = read_answer({502, "<html>"});
  EXPECT_NE(strange.error().message.find("HTTP 502"), std::string::npos);
}

TEST(Answers, WhatIsNoObjectIsNoAnswer) {
  for (const char* body : {"", "[]", "{", "hello"}) EXPECT_FALSE(read_answer({200, body})) << body;
}

TEST(Answers, MembersAreReadAsFarAsTheyAreWhatIsExpected) {
  const auto answer = read_answer({200, R"({"a":"x","b":7,"c":true,"d":{"e":1},"f":[1]})"});
  ASSERT_TRUE(answer);
  const auto& value = answer->value;
  EXPECT_EQ(text_of(value, "a"), "x");
  EXPECT_EQ(text_of(value, "b"), "");
  EXPECT_EQ(number_of(value, "b"), 7);
  EXPECT_EQ(number_of(value, "a", 3), 3);
  EXPECT_TRUE(flag_of(value, "c"));
  EXPECT_FALSE(flag_of(value, "z"));
  EXPECT_EQ(number_of(object_of(value, "d"), "e"), 1);
  EXPECT_EQ(array_of(value, "f").size(), 1U);
  EXPECT_TRUE(array_of(value, "a").empty());
}

}  // namespace
}  // namespace drover::cli
