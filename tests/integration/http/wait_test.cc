// Answers that are given when something has come true of an instance.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <chrono>
#include <string>

#include "tests/integration/http/master_fixture.h"

namespace drover::test {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

class Waits : public MasterFixture {
 protected:
  void configure(http::ServerOptions& options) override {
    options.threads = 1;  // which takes requests in the order in which they have come
    // Deadlines are looked at in a quarter of the shortest of these.
    options.timeouts.drain = 100ms;
    options.timeouts.stop = 2s;
  }
  void SetUp() override {
    MasterFixture::SetUp();
    create_template("it");
    agent_ = agent_connects("10.0.0.1");
    id_ = deploy("it");
    copy_ = outbox_.await_start();
  }
  std::string path(const std::string& wait) const {
    return "/api/v1/instances/" + id_ + "?wait=" + wait;
  }
  static json::object shown(const HttpResponse& response) {
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body).as_object();
  }
  static std::string state(const HttpResponse& response) {
    return json::value_to<std::string>(shown(response).at("state"));
  }
  HttpClient ask(const std::string& wait) const {
    HttpClient client = connect();
    EXPECT_TRUE(client.send(client.request("GET", path(wait), std::nullopt)));
    return client;
  }
  void begin() { agent_reports(agent_, *copy_, core::TaskEnd{}); }
  void end(std::int32_t code = 0) {
    core::TaskEnd end;
    end.kind = core::EndKind::exited;
    end.code = code;
    agent_reports(agent_, *copy_, end);
  }

  Agent agent_;
  std::string id_;
  core::Ptr<core::Allocation> copy_;
};

TEST_F(Waits, ForItsEnd) {
  HttpClient client = ask("terminal");
  begin();
  end(3);
  const auto response = client.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(state(*response), "failed");
}

TEST_F(Waits, ForItToRun) {
  HttpClient client = ask("running");
  begin();
  const auto response = client.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(state(*response), "running");
}

TEST_F(Waits, ForAChangeAfterAnIndex) {
  const auto index = shown(get("/api/v1/instances/" + id_)).at("index").to_number<std::uint64_t>();
  HttpClient client = ask(std::to_string(index));
  begin();
  const auto response = client.read();
  ASSERT_TRUE(response);
  EXPECT_GT(shown(*response).at("index").to_number<std::uint64_t>(), index);
  EXPECT_EQ(state(get(path(std::to_string(index)))), "running") << "it has come already";
}

TEST_F(Waits, AreAnsweredAtOnceWhereItHasEnded) {
  begin();
  end();
  const auto index = shown(get("/api/v1/instances/" + id_)).at("index").to_number<std::uint64_t>();
  EXPECT_EQ(state(get(path("terminal"))), "completed");
  EXPECT_EQ(state(get(path(std::to_string(index)))), "completed") << "nothing more will change";
}

TEST_F(Waits, EndWithTheirTime) {
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(state(get(path("terminal&timeout=200ms"))), "starting");
  EXPECT_GE(std::chrono::steady_clock::now() - before, 200ms);
}

TEST_F(Waits, EndWithTheServer) {
  HttpClient client = ask("terminal&timeout=10m");
  expect_healthy();  // by then the first request has been taken
  server_->stop();
  const auto response = client.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(state(*response), "starting");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(Waits, LeaveTheConnectionToTheNextRequest) {
  HttpClient client = ask("terminal");
  EXPECT_TRUE(client.send(client.request("GET", "/healthz", std::nullopt)));
  begin();
  end();
  const auto first = client.read();
  ASSERT_TRUE(first);
  EXPECT_EQ(state(*first), "completed");
  const auto second = client.read();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->body, R"({"status":"ok"})");
}

TEST_F(Waits, HoldNothingForAClientThatHasGone) {
  for (int i = 0; i < 100; ++i) ask("terminal&timeout=10m").close();
  begin();
  end();
  expect_healthy();
}

TEST_F(Waits, AreRefusedWhereTheyMakeNoSense) {
  for (const char* query : {"?wait=soon", "?wait=-1", "?wait=", "?timeout=3s",
                            "?wait=terminal&timeout=3", "?wait=terminal&timeout=11m"}) {
    const HttpResponse response = get("/api/v1/instances/" + id_ + query);
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_EQ(response.code(), "unexpected_query") << query;
  }
  const std::string unknown = "/api/v1/instances/01930b7e-0000-7000-8000-000000000000";
  EXPECT_EQ(get(unknown + "?wait=terminal").code(), "unknown_instance");
}

}  // namespace
}  // namespace drover::test
