// The stream of events over real sockets.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include "tests/integration/http/master_fixture.h"

namespace drover::test {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

std::vector<json::object> lines(const std::string& text) {
  std::vector<json::object> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) out.push_back(json::parse(line).as_object());
  }
  return out;
}

Texts kinds(const std::vector<json::object>& events) {
  Texts out;
  for (const json::object& each : events) {
    out.push_back(json::value_to<std::string>(each.at("kind")));
  }
  return out;
}

class Events : public MasterFixture {
 protected:
  void configure(http::ServerOptions& options) override {
    options.timeouts.quiet = 100ms;
    options.timeouts.drain = 100ms;
  }

  // All of an answer in pieces that comes to its end.
  std::string whole(const std::string& query, const std::string& headers = "") const {
    HttpClient client = ask(query, headers);
    std::string all;
    while (auto piece = client.read_piece()) {
      if (piece->empty()) return all;
      all += *piece;
    }
    ADD_FAILURE() << "the stream has no end: " << all;
    return all;
  }
  std::vector<json::object> events(const std::string& query) const { return lines(whole(query)); }

  HttpClient ask(const std::string& query, const std::string& headers = "") const {
    HttpClient client = connect();
    client.send(client.request("GET", "/api/v1/events" + query, std::nullopt, headers));
    const auto head = client.read(HttpClient::Body::absent);
    EXPECT_TRUE(head);
    EXPECT_EQ(head ? head->status : 0, 200);
    return client;
  }
  // Reads on until this has come.
  static std::string read_until(HttpClient& client, const std::string& part) {
    std::string all;
    while (all.find(part) == std::string::npos) {
      const auto piece = client.read_piece();
      if (!piece || piece->empty()) {
        ADD_FAILURE() << "no " << part << " in " << all;
        break;
      }
      all += *piece;
    }
    return all;
  }
  void run_one() {
    create_template("it");
    const Agent agent = agent_connects("10.0.0.1");
    id_ = deploy("it");
    const auto copy = outbox_.await_start();
    agent_reports(agent, *copy, core::TaskEnd{});
    core::TaskEnd end;
    end.kind = core::EndKind::exited;
    end.code = 3;
    agent_reports(agent, *copy, end);
  }

  std::string id_;
};

TEST_F(Events, TellALifeInOrder) {
  run_one();
  const auto all = events("");
  EXPECT_EQ(kinds(all), (Texts{"template.created", "node.joined", "node.online", "instance.created",
                               "allocation.placed", "task.started", "instance.state", "task.ended",
                               "instance.state"}));
  const json::object& ended = all.at(7);
  EXPECT_EQ(ended.at("exit_code").to_number<int>(), 3);
  EXPECT_EQ(json::value_to<std::string>(ended.at("instance")), id_);
  EXPECT_EQ(json::value_to<std::string>(all.back().at("state")), "failed");
}

TEST_F(Events, GoOnBehindAPlace) {
  run_one();
  const auto all = events("");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto id = json::value_to<std::string>(all[i].at("id"));
    EXPECT_EQ(events("?after=" + id).size(), all.size() - i - 1) << id;
  }
  const auto index = std::to_string(all.at(3).at("index").to_number<int>());
  EXPECT_EQ(kinds(events("?after=" + index)).front(), "task.started")
      << "an index alone is all of its events";
  EXPECT_TRUE(events("?after=1000000").empty());
}

TEST_F(Events, AreFiltered) {
  run_one();
  EXPECT_EQ(kinds(events("?kind=task")), (Texts{"task.started", "task.ended"}));
  EXPECT_EQ(kinds(events("?kind=task.ended,node.online")), (Texts{"node.online", "task.ended"}));
  EXPECT_EQ(events("?instance=" + id_).size(), 6U);
  EXPECT_EQ(events("?template=it").size(), 7U);
  EXPECT_EQ(events("?template=other").size(), 0U);
  for (const char* query : {"?kind=tas", "?kind=task.end", "?instance=x", "?after=x", "?after=1.",
                            "?follow=1", "?after=-1"}) {
    const auto response = get(std::string("/api/v1/events") + query);
    EXPECT_EQ(response.code(), "unexpected_query") << query;
  }
}

TEST_F(Events, AreFollowed) {
  HttpClient client = ask("?follow=true");
  create_template("first");
  read_until(client, "first");
  create_template("second");
  EXPECT_NE(read_until(client, "second").find("template.created"), std::string::npos);
}

TEST_F(Events, AreServerSent) {
  create_template("it");
  HttpClient client = ask("", "Accept: text/event-stream\r\n");
  const std::string text = read_until(client, "\n\n");
  EXPECT_TRUE(text.starts_with("id: 1.0\nevent: template.created\ndata: {\"id\":\"1.0\"")) << text;
  create_template("other");
  read_until(client, "id: 2.0\n");
  HttpClient again = ask("?after=0", "Accept: text/event-stream\r\nLast-Event-ID: 1.0\r\n");
  EXPECT_TRUE(read_until(again, "\n\n").starts_with("id: 2.0\n"));
}

TEST_F(Events, SendSignsOfLifeWhileNothingHappens) {
  HttpClient client = ask("", "Accept: text/event-stream\r\n");
  EXPECT_EQ(client.read_piece(), ":\n\n");
  EXPECT_EQ(client.read_piece(), ":\n\n");
}

TEST_F(Events, EndWithTheServerAndSaySo) {
  HttpClient client = ask("?follow=true");
  create_template("it");
  read_until(client, "it");
  server_->stop();
  EXPECT_NE(read_until(client, "stream_ended").find("\"status\":\"error\""), std::string::npos);
}

TEST_F(Events, HoldNothingForAFollowerThatHasGone) {
  for (int i = 0; i < 100; ++i) ask("?follow=true").close();
  create_template("it");
  expect_healthy();
}

TEST_F(Events, LeaveTheConnectionToTheNextRequest) {
  create_template("it");
  HttpClient client = ask("");
  while (client.read_piece().value_or("") != "") {
  }
  const auto next = client.get("/healthz");
  ASSERT_TRUE(next);
  EXPECT_EQ(next->status, 200);
}

// The rest of the answer is behind its end by HTTP/1.0.
TEST_F(Events, ComeUnchunkedToOldClients) {
  create_template("it");
  HttpClient client = connect();
  client.send("GET /api/v1/events HTTP/1.0\r\n\r\n");
  const auto head = client.read(HttpClient::Body::absent);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->header("transfer-encoding"), "");
  EXPECT_EQ(head->header("connection"), "close");
}

// A slow reader costs its own stream alone, and has missed nothing when it reads on.
TEST_F(Events, WaitForASlowReader) {
  HttpClient slow = ask("?follow=true");
  for (int i = 0; i < 200; ++i) create_template("t" + std::to_string(i));
  EXPECT_EQ(events("").size(), 200U);
  const std::string all = read_until(slow, "\"t199\"");
  EXPECT_EQ(lines(all).size(), 200U);
}

}  // namespace
}  // namespace drover::test
