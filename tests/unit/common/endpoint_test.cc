#include "common/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace drover {
namespace {

TEST(EndpointTest, TextComesBackAsItWas) {
  for (const char* text :
       {"127.0.0.1:8420", "[::1]:8420", "localhost:0", "example.org:65535", "[fe80::1%eth0]:1"}) {
    const auto endpoint = parse_endpoint(text);
    ASSERT_TRUE(endpoint.ok()) << text;
    EXPECT_EQ(endpoint->text(), text);
  }
  EXPECT_EQ(parse_endpoint("[::1]:8420")->host, "::1");
  EXPECT_EQ(parse_endpoint("[::1]:8420")->port, 8420);
}

TEST(EndpointTest, AnythingElseIsAnErrorWithAnExample) {
  for (const char* wrong :
       {"", ":", "8420", ":8420", "host", "host:", "host:x", "host:-1", "host:+1", "host:65536",
        "host:1 ", "::1:8420", "[::1]", "[::1:8420", "[]:8420", "[:8420"}) {
    const auto endpoint = parse_endpoint(wrong);
    ASSERT_FALSE(endpoint.ok()) << wrong;
    EXPECT_EQ(endpoint.error().kind, ErrorKind::invalid);
    EXPECT_THAT(endpoint.error().message,
                testing::AllOf(testing::HasSubstr("'" + std::string(wrong) + "'"),
                               testing::HasSubstr("127.0.0.1:8420")));
  }
}

TEST(EndpointTest, OnlyWhatIsSurelyLocalIsLoopback) {
  for (const char* local : {"127.0.0.1:1", "127.200.3.4:1", "[::1]:1", "localhost:1"}) {
    EXPECT_TRUE(parse_endpoint(local)->is_loopback()) << local;
  }
  for (const char* open : {"0.0.0.0:1", "128.0.0.1:1", "[::]:1", "127.0.0.1.example.org:1",
                           "localhost.example.org:1", "10.0.0.1:1"}) {
    EXPECT_FALSE(parse_endpoint(open)->is_loopback()) << open;
  }
}

}  // namespace
}  // namespace drover
