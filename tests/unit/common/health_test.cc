#include "common/health.h"

#include <gtest/gtest.h>

#include "common/limits.h"

namespace drover {
namespace {

using std::chrono::milliseconds;

TEST(HttpTarget, IsRead) {
  const auto whole = parse_http_target("http://127.0.0.1:8080/healthz?deep=1");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->endpoint.text(), "127.0.0.1:8080");
  EXPECT_EQ(whole->path, "/healthz?deep=1");
  const auto bare = parse_http_target("http://localhost");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->endpoint.text(), "localhost:80");
  EXPECT_EQ(bare->path, "/");
  const auto query = parse_http_target("http://[::1]?q");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->endpoint.text(), "[::1]:80");
  EXPECT_EQ(query->path, "/?q");
}

TEST(HttpTarget, IsRefusedWithARightOne) {
  for (const char* url :
       {"", "127.0.0.1:80", "https://127.0.0.1/", "http://", "http://:80/", "http://a:0/",
        "http://a:x/", "http://a:70000/", "http://[::1/", "http://user@a/", "http://a/x y",
        "http://a/#top", "http://a/\xc3\xa4", "http://a\r\nHost: b/"}) {
    const auto target = parse_http_target(url);
    ASSERT_FALSE(target) << url;
    EXPECT_NE(target.error().message.find("http://127.0.0.1:8080/healthz"), std::string::npos);
  }
}

TEST(HealthSpec, StaysWithinItsLimitsWhateverIsSent) {
  HealthSpec spec;
  spec.interval = milliseconds(0);
  spec.timeout = milliseconds(-1);
  spec.start_period = milliseconds(-1);
  spec.healthy_after = 0;
  spec.unhealthy_after = 4'000'000'000;
  EXPECT_EQ(spec.period(), limits::kShortestCheckInterval);
  EXPECT_EQ(spec.time_limit(), limits::kShortestCheckTimeout);
  EXPECT_EQ(spec.grace_at_start(), milliseconds(0));
  EXPECT_EQ(spec.passes_needed(), 1U);
  EXPECT_EQ(spec.failures_needed(), limits::kMostChecksInARow);
}

}  // namespace
}  // namespace drover
