#include "tests/bench/support/http_load.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "tests/support/cluster.h"

namespace drover::bench {
namespace {

class HttpLoadTest : public testing::Test {
 protected:
  HttpLoadTest() {
    cluster_.start_master();
    port_ = cluster_.http_port();
  }

  std::string ask(KeepAliveConnection& connection, const std::string& request) {
    connection.send(request);
    std::optional<std::string_view> body;
    while (!body) body = connection.receive();  // blocks while there is nothing
    return std::string(*body);
  }

  test::Cluster cluster_;
  std::uint16_t port_ = 0;
};

TEST_F(HttpLoadTest, AConnectionIsUsedAgain) {
  KeepAliveConnection connection(port_);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(R"({"status":"ok"})", ask(connection, get_request(port_, "/healthz")));
  }
  const std::string document =
      R"({"name":"x","task_groups":[{"tasks":[{"name":"t","config":{"command":"true"}}]}]})";
  EXPECT_EQ(R"({"status":"success"})",
            ask(connection, post_request(port_, "/api/task/task_group", document)));
}

TEST_F(HttpLoadTest, WhatIsNoSuccessEndsIt) {
  KeepAliveConnection connection(port_);
  EXPECT_THROW(ask(connection, get_request(port_, "/no/such/path")), std::runtime_error);
}

TEST_F(HttpLoadTest, AServerThatGoesEndsIt) {
  KeepAliveConnection connection(port_);
  ask(connection, get_request(port_, "/healthz"));
  cluster_.master().kill();
  EXPECT_THROW(connection.receive(), std::runtime_error);
  EXPECT_THROW(KeepAliveConnection{port_}, std::runtime_error);
}

TEST_F(HttpLoadTest, LinesComeWhole) {
  LineStream events(port_, "/api/v1/events?follow=true&kind=template");
  for (const char* name : {"one", "two", "three"}) cluster_.create(name, "true");
  std::vector<std::string> lines;
  while (lines.size() < 3) {
    events.receive([&lines](std::string_view line) { lines.emplace_back(line); });
  }
  EXPECT_NE(std::string::npos, lines[2].find(R"("template":"three")")) << lines[2];
  EXPECT_EQ('{', lines[2].front());
  EXPECT_EQ('}', lines[2].back());
}

TEST_F(HttpLoadTest, ReadinessSaysWhoseAnswerHasCome) {
  KeepAliveConnection first(port_);
  KeepAliveConnection second(port_);
  Readiness readiness;
  readiness.add(first.fd(), 1);
  readiness.add(second.fd(), 2);
  EXPECT_TRUE(readiness.wait(std::chrono::milliseconds(0)).empty());
  second.send(get_request(port_, "/healthz"));
  const auto ready = readiness.wait(std::chrono::seconds(20));
  ASSERT_EQ(1U, ready.size());
  EXPECT_EQ(2U, ready[0].data.u32);
}

}  // namespace
}  // namespace drover::bench
