// HTTP as curl, wrk and browsers speak it.
#include <gtest/gtest.h>

#include <string>

#include "common/service.h"
#include "tests/integration/http/master_fixture.h"

namespace drover::test {
namespace {

class Protocol : public MasterFixture {
 protected:
  std::string host() const { return "Host: 127.0.0.1:" + std::to_string(port()) + "\r\n"; }
};

TEST_F(Protocol, AConnectionServesManyRequests) {
  create_template("work");
  HttpClient client = connect();
  for (int i = 0; i < 100; ++i) {
    const auto response = client.post("/api/task/query", R"({"name":"work"})");
    ASSERT_TRUE(response) << i;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->header("connection"), "");
  }
}

TEST_F(Protocol, AnErrorOfTheApiLeavesTheConnectionOpen) {
  HttpClient client = connect();
  EXPECT_EQ(client.post("/api/task/query", "no json")->status, 400);
  EXPECT_EQ(client.post("/api/task/query", R"({"name":"x"})")->status, 404);
  EXPECT_EQ(client.post("/nowhere", "{}")->status, 404);
  EXPECT_EQ(client.get("/api/task/query")->status, 405);
  EXPECT_EQ(client.get("/a%00b")->status, 400);
  EXPECT_EQ(client.get("/healthz")->status, 200);
}

TEST_F(Protocol, PipelinedRequestsAreAnsweredInOrder) {
  HttpClient client = connect();
  std::string requests;
  constexpr int kRounds = 50;
  for (int i = 0; i < kRounds; ++i) {
    const std::string name = "work" + std::to_string(i);
    requests += client.request("POST", "/api/task/task_group", template_document(name));
    requests += client.request("POST", "/api/task/query", R"({"name":")" + name + "\"}");
    requests += client.request("GET", "/nowhere", std::nullopt);
  }
  ASSERT_TRUE(client.send(requests));
  for (int i = 0; i < kRounds; ++i) {
    EXPECT_EQ(client.read()->body, R"({"status":"success"})") << i;
    EXPECT_EQ(client.read()->body, template_document("work" + std::to_string(i)));
    EXPECT_EQ(client.read()->status, 404);
  }
}

TEST_F(Protocol, PipelinedAnswersLargerThanTheSocketsBuffersArrive) {
  HttpClient client = connect();
  const std::string document = template_document("large", std::string(100'000, 'x'));
  ASSERT_EQ(client.post("/api/task/task_group", document)->status, 200);
  std::string requests;
  constexpr int kAnswers = 100;
  for (int i = 0; i < kAnswers; ++i) {
    requests += client.request("POST", "/api/task/query", R"({"name":"large"})");
  }
  ASSERT_TRUE(client.send(requests));
  for (int i = 0; i < kAnswers; ++i) {
    const auto response = client.read();
    ASSERT_TRUE(response) << i;
    EXPECT_EQ(response->body, document);
  }
}

TEST_F(Protocol, ARequestMayArriveByteByByte) {
  create_template("work");
  HttpClient client = connect();
  const std::string request = client.request("POST", "/api/task/query", R"({"name":"work"})");
  for (const char byte : request) ASSERT_TRUE(client.send({&byte, 1}));
  EXPECT_EQ(client.read()->body, template_document("work"));
}

TEST_F(Protocol, ABodyMayBeChunked) {
  HttpClient client = connect();
  const std::string body = template_document("work");
  ASSERT_TRUE(client.send("POST /api/task/task_group HTTP/1.1\r\n" + host() +
                          "Transfer-Encoding: chunked\r\n\r\n"));
  for (std::size_t at = 0; at < body.size(); at += 10) {
    const std::string part = body.substr(at, 10);
    ASSERT_TRUE(client.send((part.size() == 10 ? "a" : std::to_string(part.size())) + "\r\n" +
                            part + "\r\n"));
  }
  ASSERT_TRUE(client.send("0\r\n\r\n"));
  EXPECT_EQ(client.read()->status, 200);
  EXPECT_EQ(client.post("/api/task/query", R"({"name":"work"})")->body, body);
}

TEST_F(Protocol, AClientThatAsksFirstIsToldToContinue) {
  HttpClient client = connect();
  const std::string body = template_document("work");
  ASSERT_TRUE(client.send("POST /api/task/task_group HTTP/1.1\r\n" + host() +
                          "Expect: 100-continue\r\nContent-Length: " + std::to_string(body.size()) +
                          "\r\n\r\n"));
  EXPECT_EQ(client.read()->status, 100);
  ASSERT_TRUE(client.send(body));
  EXPECT_EQ(client.read()->status, 200);
  EXPECT_EQ(client.get("/healthz")->status, 200) << "the connection goes on";
}

TEST_F(Protocol, AClientThatAsksFirstIsToldWhyNot) {
  const auto ask = [&](const std::string& line, const std::string& headers) {
    HttpClient client = connect();
    client.send(line + " HTTP/1.1\r\n" + host() + "Expect: 100-continue\r\n" + headers + "\r\n");
    const auto response = client.read();
    EXPECT_TRUE(response && response->header("connection") == "close") << line;
    EXPECT_TRUE(client.closed_by_server()) << line;
    return response ? response->status : 0;
  };
  EXPECT_EQ(ask("POST /nowhere", "Content-Length: 10\r\n"), 404);
  EXPECT_EQ(ask("POST /api/task/node", "Content-Length: 10\r\n"), 405);
  EXPECT_EQ(ask("POST /api/task/query", "Content-Length: 10000000\r\n"), 413);
  EXPECT_EQ(ask("POST /api/task/query", "Content-Length: 10\r\nOrigin: http://evil\r\n"), 403);
}

TEST_F(Protocol, AnUnknownExpectationFails) {
  EXPECT_EQ(exchange("POST /api/task/query HTTP/1.1\r\n" + host() +
                     "Expect: wonders\r\nContent-Length: 2\r\n\r\n{}")
                .status,
            417);
}

TEST_F(Protocol, HeadIsGetWithoutTheBody) {
  HttpClient client = connect();
  for (const char* path : {"/api/task/node", "/healthz", "/readyz", "/"}) {
    const auto get = client.get(path);
    client.send(client.request("HEAD", path, std::nullopt));
    const auto head = client.read(HttpClient::Body::absent);
    ASSERT_TRUE(get && head) << path;
    EXPECT_EQ(head->status, 200);
    EXPECT_EQ(head->header("content-length"), std::to_string(get->body.size())) << path;
    EXPECT_EQ(head->header("content-type"), "application/json");
  }
  client.send(client.request("HEAD", "/nowhere", std::nullopt));
  EXPECT_EQ(client.read(HttpClient::Body::absent)->status, 404);
  EXPECT_EQ(client.get("/healthz")->status, 200) << "no body was sent";
}

TEST_F(Protocol, OptionsNamesTheMethods) {
  HttpClient client = connect();
  client.send(client.request("OPTIONS", "/api/task/query", std::nullopt));
  const auto response = client.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 204);
  EXPECT_EQ(response->header("allow"), "POST, OPTIONS");
  EXPECT_EQ(response->header("content-length"), "");
  EXPECT_EQ(client.get("/healthz")->status, 200);
}

TEST_F(Protocol, OldClientsAreServedAndClosed) {
  HttpClient client = connect();
  client.send("GET /healthz HTTP/1.0\r\n\r\n");
  const auto response = client.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->header("connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(Protocol, OldClientsMayKeepTheConnection) {
  HttpClient client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const auto response = client.read();
    ASSERT_TRUE(response) << i;
    EXPECT_EQ(response->header("connection"), "keep-alive");
  }
}

TEST_F(Protocol, CloseIsHonoured) {
  HttpClient client = connect();
  const auto response = client.get("/healthz", "Connection: close\r\n");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->header("connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(Protocol, AClientThatStopsSendingStillGetsItsAnswers) {
  create_template("work");
  HttpClient client = connect();
  client.send(client.request("POST", "/api/task/task_group/deploy", R"({"name":"work"})") +
              client.request("GET", "/healthz", std::nullopt));
  client.end_sending();
  EXPECT_EQ(client.read()->status, 200);
  EXPECT_EQ(client.read()->status, 200);
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(Protocol, TargetsMayBeUrls) {
  HttpClient client = connect();
  EXPECT_EQ(client.get("http://localhost:" + std::to_string(port()) + "/healthz")->status, 200);
  EXPECT_EQ(client.get("http://evil.example/healthz")->status, 403);
}

TEST_F(Protocol, ABodyOfAGetIsReadAndIgnored) {
  HttpClient client = connect();
  client.send(client.request("GET", "/api/task/node", "{}"));
  EXPECT_EQ(client.read()->status, 200);
  EXPECT_EQ(client.get("/healthz")->status, 200);
}

TEST_F(Protocol, EmptyLinesBeforeARequestAreSkipped) {
  EXPECT_EQ(exchange("\r\n\r\nGET /healthz HTTP/1.1\r\n" + host() + "\r\n").status, 200);
}

TEST_F(Protocol, AnswersCarryTheServersHeaders) {
  const HttpResponse response = get("/healthz");
  EXPECT_EQ(response.header("server"), "drover/" DROVER_VERSION);
  EXPECT_TRUE(response.header("date").ends_with(" GMT")) << response.header("date");
  EXPECT_EQ(response.header("x-content-type-options"), "nosniff");
}

}  // namespace
}  // namespace drover::test
