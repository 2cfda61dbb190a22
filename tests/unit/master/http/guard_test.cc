#include "master/http/guard.h"

#include <gtest/gtest.h>

#include <optional>

#include "common/limits.h"

namespace drover::http {
namespace {

RequestHead head_with(std::optional<std::string> host, std::optional<std::string> origin = {}) {
  RequestHead head;
  if (host) head.host = {1, *host};
  if (origin) head.origin = {1, *origin};
  return head;
}

std::string word(const MaybeProblem& problem) {
  return problem ? std::string(info(problem->code).word) : "taken";
}

class LoopbackGuard : public testing::Test {
 protected:
  std::string judge(const RequestHead& head, std::string_view authority = "") const {
    return word(guard_.check(head, authority));
  }
  const Guard guard_{Endpoint{"127.0.0.1", 8420}};
};

TEST_F(LoopbackGuard, TakesItsOwnNames) {
  for (const char* host : {"127.0.0.1:8420", "localhost:8420", "LOCALHOST:8420", "[::1]:8420",
                           "127.9.9.9:8420", "localhost", "127.0.0.1"}) {
    EXPECT_EQ(judge(head_with(host)), "taken") << host;
  }
  EXPECT_EQ(judge(head_with(std::nullopt)), "taken") << "HTTP/1.0";
}

TEST_F(LoopbackGuard, RefusesForeignHosts) {
  for (const char* host : {"evil.example:8420",
                           "evil.example",
                           "localhost.evil.example:8420",
                           "127.0.0.1.evil:8420",
                           "localhost:80",
                           "localhost:8421",
                           "128.0.0.1:8420",
                           "",
                           ":8420",
                           "localhost:",
                           "localhost:x",
                           "localhost:08420x",
                           "[::1",
                           "[::1]x:8420",
                           "[::2]:8420",
                           "a@localhost:8420",
                           "localhost:99999",
                           "127.0.0.1:8420,evil",
                           "127.1:8420",
                           "2130706433:8420"}) {
    EXPECT_EQ(judge(head_with(host)), "foreign_host") << host;
  }
}

TEST_F(LoopbackGuard, LooksAtTheAuthorityOfAnAbsoluteTargetToo) {
  EXPECT_EQ(judge(head_with("localhost:8420"), "localhost:8420"), "taken");
  EXPECT_EQ(judge(head_with("localhost:8420"), "evil.example"), "foreign_host");
  EXPECT_EQ(judge(head_with("evil.example"), "localhost:8420"), "foreign_host");
}

TEST_F(LoopbackGuard, TakesOnlyItsOwnOrigin) {
  for (const char* origin :
       {"http://localhost:8420", "http://127.0.0.1:8420", "http://[::1]:8420"}) {
    EXPECT_EQ(judge(head_with("localhost:8420", origin)), "taken") << origin;
  }
  for (const char* origin :
       {"null", "", "http://evil.example", "http://evil.example:8420", "http://localhost",
        "http://localhost:3000", "https://localhost:8420", "http://localhost:8420.evil.example",
        "http://localhost:8420/", "file://", "localhost:8420"}) {
    EXPECT_EQ(judge(head_with("localhost:8420", origin)), "foreign_origin") << origin;
  }
}

TEST_F(LoopbackGuard, RefusesTwoOrigins) {
  RequestHead head = head_with("localhost:8420", "http://localhost:8420");
  head.origin.count = 2;
  EXPECT_EQ(judge(head), "foreign_origin");
}

TEST(OpenGuard, TakesAnyHostButOnlyItsOwnOrigin) {
  const Guard guard(Endpoint{"0.0.0.0", 8420});
  EXPECT_EQ(word(guard.check(head_with("master.example:8420"), "")), "taken");
  EXPECT_EQ(word(guard.check(head_with("master.example:8420", "http://master.example:8420"), "")),
            "taken");
  EXPECT_EQ(word(guard.check(head_with("master.example", "https://Master.example"), "")), "taken");
  EXPECT_EQ(word(guard.check(head_with("master.example:8420", "http://evil.example"), "")),
            "foreign_origin");
  EXPECT_EQ(word(guard.check(head_with("master.example:8420", "null"), "")), "foreign_origin");
  EXPECT_EQ(word(guard.check(head_with(std::nullopt, "http://"), "")), "foreign_origin");
}

class Framing : public testing::Test {
 protected:
  Framing() { head_.host = {1, "localhost"}; }
  std::string judge() const { return word(check_framing(head_)); }
  RequestHead head_;
};

TEST_F(Framing, TakesPlainRequests) {
  EXPECT_EQ(judge(), "taken");
  head_.content_length = {1, std::to_string(limits::kHttpBodyBytes)};
  EXPECT_EQ(judge(), "taken");
  head_.expect = {1, "100-Continue"};
  EXPECT_EQ(judge(), "taken");
}

TEST_F(Framing, TakesOnlyPlainChunked) {
  head_.transfer_encoding = {1, "Chunked"};
  EXPECT_EQ(judge(), "taken");
  for (const char* coding :
       {"gzip", "gzip, chunked", "chunked, chunked", "identity", "", "xchunked", "chunked;q=1"}) {
    head_.transfer_encoding = {1, coding};
    EXPECT_EQ(judge(), "unsupported_transfer_encoding") << coding;
  }
  head_.transfer_encoding = {2, "chunked"};
  EXPECT_EQ(judge(), "malformed_request");
  head_.transfer_encoding = {1, "chunked"};
  head_.content_length = {1, "5"};
  EXPECT_EQ(judge(), "malformed_request");
  head_.content_length = {};
  head_.http10 = true;
  EXPECT_EQ(judge(), "malformed_request");
}

TEST_F(Framing, RefusesDoubtfulLengths) {
  for (const char* length : {"", "-1", "+5", "5,5", "0x10", "5 5", "1e3"}) {
    head_.content_length = {1, length};
    EXPECT_EQ(judge(), "malformed_request") << length;
  }
  head_.content_length = {2, "5"};
  EXPECT_EQ(judge(), "malformed_request");
}

TEST_F(Framing, RefusesLargeBodiesByTheirLength) {
  for (const char* length : {"1048577", "104857600", "99999999999999999999999999"}) {
    head_.content_length = {1, length};
    EXPECT_EQ(judge(), "body_too_large") << length;
  }
}

TEST_F(Framing, WantsOneHost) {
  head_.host = {2, "localhost"};
  EXPECT_EQ(judge(), "malformed_request");
  head_.host = {};
  EXPECT_EQ(judge(), "malformed_request");
  head_.http10 = true;
  EXPECT_EQ(judge(), "taken");
}

TEST_F(Framing, RefusesUnknownExpectations) {
  head_.expect = {1, "something"};
  EXPECT_EQ(judge(), "expectation_failed");
}

}  // namespace
}  // namespace drover::http
