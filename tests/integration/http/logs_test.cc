// Output over HTTP: which attempts are meant, how it is said, and what is missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "common/limits.h"
#include "tests/integration/http/master_fixture.h"

namespace drover::test {
namespace {

namespace json = boost::json;
using output::EndCause;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr char kText[] = "Accept: text/plain\r\n";
constexpr char kJson[] = "Accept: application/x-ndjson\r\n";

class LogsOverHttp : public MasterFixture {
 protected:
  void configure(http::ServerOptions& options) override {
    // Deadlines are looked at in a quarter of the shortest of these.
    options.timeouts.drain = 100ms;
  }
  void SetUp() override {
    MasterFixture::SetUp();
    post("/api/task/task_group",
         R"({"name":"it","task_groups":[{"name":"web","tasks":[
             {"name":"one","config":{"command":"a"},"restart":{"policy":"always"}},
             {"name":"two","config":{"command":"b"}}]}]})");
    agent_ = agent_connects("10.0.0.1");
    id_ = deploy("it");
    copy_ = outbox_.await_start();
  }
  // The client goes before the server, which a followed answer would hold up.
  void TearDown() override {
    client_.reset();
    MasterFixture::TearDown();
  }

  void report(std::uint32_t task, std::uint32_t attempt, std::optional<int> exit_code = {},
              bool again = false) {
    core::AttemptReport report;
    report.id = {copy_->id, task, attempt};
    report.started_at = 1;
    if (exit_code) {
      report.ended_at = 2;
      report.end.kind = core::EndKind::exited;
      report.end.code = *exit_code;
      if (again) report.next_start = 3;
    }
    agent_reports(agent_, report);
  }

  std::string path(const std::string& query) const {
    return "/api/v1/instances/" + id_ + "/logs" + query;
  }
  HttpClient& ask(const std::string& query, const std::string& headers = "") {
    client_ = std::make_unique<HttpClient>(port());
    client_->send(client_->request("GET", path(query), std::nullopt, headers));
    return *client_;
  }
  // The head of the answer, the body of which comes in pieces.
  HttpClient& follow(const std::string& query, const std::string& headers = "") {
    HttpClient& client = ask(query, headers);
    const auto head = client.read(HttpClient::Body::absent);
    EXPECT_TRUE(head && head->status == 200);
    return client;
  }
  std::string body() {
    const auto response = client_->read();
    if (!response || response->status != 200) {
      ADD_FAILURE() << (response ? response->body : "no answer");
      return "";
    }
    return response->body;
  }
  std::string rest() {
    std::string all;
    while (auto piece = client_->read_piece()) {
      if (piece->empty()) return all;
      all += *piece;
    }
    ADD_FAILURE() << "the stream was cut off";
    return all;
  }
  void say_and_end(int reading, const std::string& text, EndCause cause = EndCause::complete) {
    outputs_.say(reading, text);
    outputs_.end(reading, cause);
  }

  Agent agent_;
  std::string id_;
  core::Ptr<core::Allocation> copy_;
  std::unique_ptr<HttpClient> client_;
};

TEST_F(LogsOverHttp, OfOneAttemptAreItsBytes) {
  report(0, 1);
  report(1, 1, 3);
  ask("?task=two");
  say_and_end(outputs_.find(1, 1), std::string("out\n\0\xff", 6));
  say_and_end(outputs_.find(1, 1, true), "err");
  const auto response = client_->read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->header("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(response->body, std::string("out\n\0\xff", 6) + "err");
}

TEST_F(LogsOverHttp, OfMoreAreLinesThatSayWhoseTheyAre) {
  report(0, 1);
  report(1, 1, 3);
  ask("?stream=stdout");
  const int two = outputs_.find(1, 1);
  say_and_end(two, "2a\n2b");
  say_and_end(outputs_.find(0, 1), "1\xff\n");
  EXPECT_EQ(body(),
            "{\"group\":\"web\",\"index\":0,\"task\":\"one\",\"attempt\":1,\"stream\":\"stdout\","
            "\"text\":\"1\xEF\xBF\xBD\"}\n"
            "{\"group\":\"web\",\"index\":0,\"task\":\"two\",\"attempt\":1,\"stream\":\"stdout\","
            "\"text\":\"2a\"}\n"
            "{\"group\":\"web\",\"index\":0,\"task\":\"two\",\"attempt\":1,\"stream\":\"stdout\","
            "\"text\":\"2b\"}\n");
}

TEST_F(LogsOverHttp, AsTextTheLinesAreLabelled) {
  report(0, 1);
  report(1, 1, 3);
  ask("", kText);
  say_and_end(outputs_.find(0, 1), "a\nb");
  say_and_end(outputs_.find(0, 1, true), "c\n");
  outputs_.end(outputs_.find(1, 1), EndCause::nothing);
  outputs_.end(outputs_.find(1, 1, true), EndCause::nothing);
  EXPECT_EQ(body(),
            "web[0].one#1: a\nweb[0].one#1: b\nweb[0].one#1 stderr: c\n"
            "[drover] web[0].two#1: nothing was printed, or it is not kept on the node any more\n");
}

TEST_F(LogsOverHttp, WhatIsWantedIsAskedOfTheNode) {
  report(0, 1);
  ask("?task=0&group=web&index=0&stream=stderr&tail=7&since=2026-01-01T00:00:00Z");
  const int reading = outputs_.find(0, 1, true);
  const output::Request request = outputs_.request(reading);
  EXPECT_EQ(request.node, agent_.node);
  EXPECT_EQ(request.attempt, (AttemptId{copy_->id, 0, 1}));
  EXPECT_EQ(request.tail_lines, 7U);
  EXPECT_EQ(request.since_unix_ms, 1'767'225'600'000);
  EXPECT_FALSE(request.follow);
  outputs_.end(reading);
  EXPECT_EQ(body(), "");
}

TEST_F(LogsOverHttp, EarlierAttemptsAreThereByNumberOrAllTogether) {
  report(0, 1, 1, true);
  report(0, 2, 1, true);
  report(0, 3);
  ask("?task=one&attempt=1&stream=stdout");
  say_and_end(outputs_.find(0, 1), "first");
  EXPECT_EQ(body(), "first");
  ask("?task=one&attempt=all&stream=stdout", kText);
  for (const std::uint32_t attempt : {1U, 2U, 3U}) {
    say_and_end(outputs_.find(0, attempt), "x\n");
  }
  EXPECT_EQ(body(), "web[0].one#1: x\nweb[0].one#2: x\nweb[0].one#3: x\n");
}

TEST_F(LogsOverHttp, WhatThereIsNotIsRefused) {
  report(0, 1);
  const auto code = [this](const std::string& query) { return get(path(query)).code(); };
  EXPECT_EQ(code("?group=db"), "unknown_group");
  EXPECT_EQ(code("?index=1"), "unknown_group");
  EXPECT_EQ(code("?task=three"), "unknown_task");
  EXPECT_EQ(code("?task=one&attempt=2"), "unknown_attempt");
  EXPECT_EQ(code("?generation=7"), "unknown_attempt");
  for (const char* query : {"?stream=out", "?tail=-1", "?tail=x", "?since=yesterday", "?follow=1",
                            "?attempt=0", "?attempt=last", "?index=x", "?lines=3"}) {
    EXPECT_EQ(code(query), "unexpected_query") << query;
  }
  EXPECT_EQ(get("/api/v1/instances/01930b7e-0000-7000-8000-000000000000/logs").code(),
            "unknown_instance");
  EXPECT_EQ(get("/api/v1/instances/x/logs").code(), "invalid_id");
}

TEST_F(LogsOverHttp, AFollowedAttemptEndsWithItsStatus) {
  report(1, 1);
  follow("?task=two&attempt=1&follow=true");
  const int output = outputs_.find(1, 1);
  const int errors = outputs_.find(1, 1, true);
  EXPECT_TRUE(outputs_.request(output).follow);
  outputs_.say(output, "now\npart");
  EXPECT_EQ(client_->read_piece(), "now\n");
  outputs_.say(output, " of a line\n");
  EXPECT_EQ(client_->read_piece(), "part of a line\n");
  report(1, 1, 3);
  outputs_.await_finish(output);
  outputs_.await_finish(errors);
  say_and_end(output, "the last");
  outputs_.end(errors, EndCause::nothing);
  EXPECT_EQ(rest(), "the last\n[drover] web[0].two#1: exited with 3\n");
}

TEST_F(LogsOverHttp, WhatIsFollowedAsAWholeIsJoinedByLaterAttempts) {
  report(1, 1, 0);
  follow("?follow=true&stream=stdout&tail=1", kJson);
  outputs_.end(outputs_.find(1, 1));
  report(0, 1);
  const int first = outputs_.find(0, 1);
  EXPECT_EQ(outputs_.request(first).tail_lines, std::nullopt) << "all of it is new";
  outputs_.say(first, "a\n");
  report(0, 1, 1, true);
  report(0, 2);
  outputs_.await_finish(first);
  outputs_.end(first);
  const int second = outputs_.find(0, 2);
  outputs_.say(second, "b\n");
  report(0, 2, 7);
  outputs_.await_finish(second);
  outputs_.end(second);
  std::vector<std::string> seen;
  std::string all = rest();
  for (std::size_t end = all.find('\n'); end != std::string::npos; end = all.find('\n')) {
    const json::object line = json::parse(all.substr(0, end)).as_object();
    all.erase(0, end + 1);
    const json::object* ended = line.if_contains("ended") ? &line.at("ended").as_object() : nullptr;
    const json::object& of = ended != nullptr ? *ended : line;
    seen.push_back(json::value_to<std::string>(of.at("task")) +
                   std::to_string(of.at("attempt").as_int64()) + " " +
                   (ended != nullptr ? std::to_string(ended->at("exit_code").as_int64())
                                     : json::value_to<std::string>(of.at("text"))));
  }
  EXPECT_THAT(seen, ElementsAre("two1 0", "one1 a", "one1 1", "one2 b", "one2 7"));
}

TEST_F(LogsOverHttp, ANodeThatDoesNotAnswerIsNamedAndTheRestIsThere) {
  report(0, 1);
  report(1, 1, 3);
  const auto before = std::chrono::steady_clock::now();
  ask("?stream=stdout");
  outputs_.find(0, 1);
  say_and_end(outputs_.find(1, 1), "two\n");
  const std::string said = body();
  EXPECT_GE(std::chrono::steady_clock::now() - before, limits::kOutputSilence);
  EXPECT_THAT(said, HasSubstr(R"({"partial":{"group":"web","index":0,"task":"one","attempt":1,)"
                              R"("stream":"stdout","node":")" +
                              agent_.node.text() + R"(","code":"node_silent")"));
  EXPECT_THAT(said, HasSubstr(R"("text":"two")"));
}

TEST_F(LogsOverHttp, ASilentNodeIsWaitedForOnce) {
  for (std::uint32_t attempt = 1; attempt <= 3; ++attempt) report(0, attempt, 1, true);
  report(0, 4);
  report(1, 1);
  const auto before = std::chrono::steady_clock::now();
  ask("?attempt=all", kText);
  const std::string said = body();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2 * limits::kOutputSilence);
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 10) << said;
}

TEST_F(LogsOverHttp, ANodeThatFallsSilentHalfWayIsSaidSo) {
  report(1, 1, 3);
  ask("?task=two&stream=stdout");
  outputs_.say(outputs_.find(1, 1), "half");
  EXPECT_THAT(body(), testing::MatchesRegex("half\n\\[drover\\] web\\[0\\].two#1: node .* does not "
                                            "answer; what it has of this is missing here\n"));
}

TEST_F(LogsOverHttp, ABrokenConnectionOfANodeIsGoneOnWith) {
  report(1, 1);
  follow("?task=two&attempt=1&follow=true&stream=stdout&tail=3");
  const int before = outputs_.find(1, 1);
  outputs_.say(before, "one\n");
  EXPECT_EQ(client_->read_piece(), "one\n");
  outputs_.end(before, EndCause::node_gone);
  const int after = outputs_.find(1, 1);
  EXPECT_EQ(outputs_.request(after).from, (output::Position{1, 4}));
  outputs_.say(after, "two\n");
  EXPECT_EQ(client_->read_piece(), "two\n");
}

TEST_F(LogsOverHttp, WhatWasNotKeptOrCannotBeReadIsSaid) {
  report(1, 1, 3);
  ask("?task=two&stream=stdout", kJson);
  const int reading = outputs_.find(1, 1);
  outputs_.say(reading, "late\n", true);
  outputs_.end(reading, EndCause::failed);
  const std::string said = body();
  EXPECT_THAT(said, HasSubstr(R"("code":"not_kept")"));
  EXPECT_THAT(said, HasSubstr(R"("code":"read_failed")"));
  ask("?task=two&stream=stdout", kJson);
  outputs_.end(outputs_.find(1, 1), EndCause::busy);
  EXPECT_THAT(body(), HasSubstr(R"("code":"too_many_readers")"));
}

TEST_F(LogsOverHttp, AClientThatDoesNotReadIsNotReadFor) {
  report(1, 1, 3);
  ask("?task=two&stream=stdout");
  const int reading = outputs_.find(1, 1);
  // The kernel's buffers take some of it; then nothing more is granted.
  const std::string piece(limits::kOutputChunkBytes, 'x');
  std::uint64_t given = 0;
  for (int stalls = 0; stalls < 20;) {
    if (outputs_.granted(reading) < given) {
      ++stalls;
      outputs_.wait_granted(reading, given, 20ms);
      continue;
    }
    outputs_.say(reading, piece);
    given += piece.size();
    stalls = 0;
  }
  EXPECT_LT(given, 64 * 1024 * 1024U);
  expect_healthy();
  client_.reset();
  outputs_.await_drop(reading);
}

TEST_F(LogsOverHttp, AClientThatGoesIsNotReadForAnyMore) {
  report(1, 1);
  follow("?task=two&follow=true&stream=stdout");
  const int reading = outputs_.find(1, 1);
  client_->close();
  outputs_.await_drop(reading);
}

TEST_F(LogsOverHttp, NoMoreAreAskedForAheadThanNeeded) {
  for (std::uint32_t attempt = 1; attempt <= 3; ++attempt) report(0, attempt, 1, true);
  report(0, 4);
  report(1, 1);
  ask("?attempt=all", kText);
  outputs_.await(static_cast<int>(limits::kLogStreamsAhead));
  for (int reading = 1; reading <= 10; ++reading) {
    outputs_.await(reading);
    outputs_.end(reading, EndCause::nothing);
  }
  EXPECT_THAT(body(), HasSubstr("web[0].two#1"));
}

}  // namespace
}  // namespace drover::test
