#include "cli/client/server_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drover::cli {
namespace {

std::string text_of(const std::string& server) {
  const auto endpoint = parse_server(server);
  return endpoint ? endpoint->text() : "error";
}

TEST(ServerAddress, HasAPortAndMayLookLikeAUrl) {
  EXPECT_EQ(text_of("127.0.0.1:80"), "127.0.0.1:80");
  EXPECT_EQ(text_of("master"), "master:8420");
  EXPECT_EQ(text_of("http://master:1/"), "master:1");
  EXPECT_EQ(text_of("[::1]"), "[::1]:8420");
  EXPECT_EQ(text_of("[::1]:9"), "[::1]:9");
}

TEST(ServerAddress, WhatIsNoneIsRefusedWithAnExample) {
  for (const char* wrong : {"", ":80", "master:0", "master:x", "https://master", "http://a/b"}) {
    EXPECT_EQ(text_of(wrong), "error") << wrong;
  }
  EXPECT_THAT(parse_server("https://x").error().message, testing::HasSubstr("127.0.0.1:8420"));
}

}  // namespace
}  // namespace drover::cli
