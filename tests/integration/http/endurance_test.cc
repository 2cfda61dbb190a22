// Clients that are slow, many, or gone; limits; the end of the server.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/limits.h"
#include "tests/integration/http/master_fixture.h"

namespace drover::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// What was freed stays in the sanitizer's quarantine, 256 MiB of it: only the ordinary build can
// tell how much is in use. Leaks are the sanitizer's own to find.
constexpr std::size_t kQuarantineBytes = std::size_t{512} << 20;
#else
constexpr std::size_t kQuarantineBytes = 0;
#endif

class Impatient : public MasterFixture {
 protected:
  void configure(http::ServerOptions& options) override {
    options.timeouts.header = 200ms;
    options.timeouts.body = 200ms;
    options.timeouts.idle = 400ms;
    options.timeouts.write = 200ms;
    options.timeouts.drain = 200ms;
  }

  // Sends one byte after another, each well before it would be missed, until the server has enough.
  // The answer, if there is one.
  std::optional<HttpResponse> dribble(HttpClient& client, std::string_view bytes) const {
    for (const char byte : bytes) {
      client.set_timeout(20ms);
      if (const auto response = client.read()) return response;
      client.set_timeout(20s);
      if (!client.send({&byte, 1})) break;
    }
    return client.read();
  }
};

TEST_F(Impatient, AHeaderThatDribblesIsCutOff) {
  HttpClient client = connect();
  const auto start = Clock::now();
  const auto response = dribble(client, client.request("GET", "/healthz", std::nullopt,
                                                       "X: " + std::string(1000, 'x') + "\r\n"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408);
  EXPECT_EQ(response->code(), "request_timeout");
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_LT(Clock::now() - start, 10s);
}

TEST_F(Impatient, ABodyThatDribblesIsCutOff) {
  HttpClient client = connect();
  const std::string body(1000, ' ');
  ASSERT_TRUE(
      client.send("POST /api/task/query HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                  "Content-Length: 1000\r\n\r\n"));
  const auto response = dribble(client, body);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408);
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(Impatient, AChunkedBodyThatDribblesIsCutOff) {
  HttpClient client = connect();
  ASSERT_TRUE(
      client.send("POST /api/task/query HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n"));
  const auto response = dribble(client, "1;" + std::string(1000, 'x'));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408);
}

TEST_F(Impatient, AnIdleConnectionIsClosedWithoutAWord) {
  HttpClient fresh = connect();
  HttpClient used = connect();
  ASSERT_EQ(used.get("/healthz")->status, 200);
  EXPECT_TRUE(fresh.closed_by_server());
  EXPECT_TRUE(used.closed_by_server());
}

TEST_F(Impatient, AClientThatReadsNothingIsCutOff) {
  const std::string document = template_document("large", std::string(100'000, 'x'));
  ASSERT_EQ(post("/api/task/task_group", document).status, 200);
  HttpClient client = connect();
  const std::string request = client.request("POST", "/api/task/query", R"({"name":"large"})");
  std::string requests;
  for (int i = 0; i < 500; ++i) requests += request;
  client.send(requests);
  // The answers are more than all buffers between the two hold, so the server has to wait.
  for (int i = 0; i < 100'000 && client.send(request); ++i) {
  }
  client.set_timeout(100ms);
  EXPECT_FALSE(client.send(std::string(16 * 1024 * 1024, ' '))) << "the server has closed";
  expect_healthy();
}

class Crowd : public MasterFixture {};

TEST_F(Crowd, TwoThousandIdleConnectionsCostLittleAndHinderNobody) {
  constexpr std::size_t kConnections = 2000;
  create_template("work");
  std::vector<HttpClient> clients;
  clients.reserve(kConnections);
  const std::size_t before = private_bytes();
  for (std::size_t i = 0; i < kConnections; ++i) {
    clients.push_back(connect());
    // Every other one has been used, with a body larger than what a connection keeps.
    if (i % 2 == 0) {
      ASSERT_EQ(clients.back().post("/api/task/query", std::string(8000, ' '))->status, 400);
    }
  }
  expect_healthy();
  EXPECT_LT(private_bytes(), before + kConnections * 4096 + kQuarantineBytes);
  const auto start = Clock::now();
  for (int i = 0; i < 100; ++i) deploy("work");
  EXPECT_LT(Clock::now() - start, 20s);
  EXPECT_EQ(clients.front().get("/healthz")->status, 200);
  EXPECT_EQ(clients.back().get("/healthz")->status, 200);
}

TEST_F(Crowd, ClientsThatVanishLeaveNothingBehind) {
  create_template("work");
  const std::string request =
      connect().request("POST", "/api/task/task_group/deploy", R"({"name":"work"})");
  const auto vanish = [&](int rounds) {
    for (int i = 0; i < rounds; ++i) {
      HttpClient client = connect();
      const std::size_t length = static_cast<std::size_t>(i) % (request.size() + 1);
      client.send(request.substr(0, length));
      if (i % 2 == 0) {
        client.reset();
      } else {
        client.close();
      }
    }
    expect_healthy();
  };
  vanish(1000);
  const std::size_t before = private_bytes();
  vanish(3000);
  EXPECT_LT(private_bytes(), before + 8 * 1024 * 1024 + kQuarantineBytes);
}

TEST_F(Crowd, DeploysOfManyClientsAreAllAnswered) {
  create_template("work");
  constexpr int kClients = 32;
  constexpr int kDeploys = 50;
  std::vector<std::future<int>> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(std::async(std::launch::async, [this] {
      HttpClient client = connect();
      int answered = 0;
      for (int j = 0; j < kDeploys; ++j) {
        const auto response = client.post("/api/task/task_group/deploy", R"({"name":"work"})");
        if (response && response->status == 200) ++answered;
      }
      return answered;
    }));
  }
  for (auto& client : clients) EXPECT_EQ(client.get(), kDeploys);
}

class Full : public MasterFixture {
 protected:
  void configure(http::ServerOptions& options) override {
    options.max_connections = 3;
    options.timeouts.drain = 100ms;
  }
};

TEST_F(Full, OneTooManyIsTurnedAwayAndMayComeAgain) {
  std::vector<HttpClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(connect());
    ASSERT_EQ(clients.back().get("/healthz")->status, 200);
  }
  HttpClient fourth = connect();
  const auto response = fourth.get("/healthz");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->code(), "too_many_connections");
  EXPECT_EQ(response->header("retry-after"), "1");
  EXPECT_EQ(response->header("connection"), "close");
  EXPECT_EQ(clients.front().get("/healthz")->status, 200) << "the others are served";

  clients.pop_back();
  const auto deadline = Clock::now() + 20s;
  int status = 0;
  while (status != 200 && Clock::now() < deadline) {
    HttpClient again = connect();
    const auto answer = again.get("/healthz");
    status = answer ? answer->status : 0;
  }
  EXPECT_EQ(status, 200);
}

class HastyStop : public MasterFixture {
 protected:
  void configure(http::ServerOptions& options) override { options.timeouts.stop = 300ms; }
};

TEST_F(HastyStop, ClosesWhatIsIdleAndCutsWhatIsSlow) {
  HttpClient idle = connect();
  ASSERT_EQ(idle.get("/healthz")->status, 200);
  HttpClient slow = connect();
  ASSERT_TRUE(slow.send("POST /api/task/query HTTP/1.1\r\nHost: localhost\r\n"));
  const auto start = Clock::now();
  server_->stop();
  EXPECT_LT(Clock::now() - start, 10s);
  EXPECT_TRUE(idle.closed_by_server());
  EXPECT_TRUE(slow.closed_by_server());
  server_->stop();
}

class PatientStop : public MasterFixture {};

TEST_F(PatientStop, FinishesWhatIsUnderWay) {
  create_template("work");
  HttpClient client = connect();
  const std::string body = R"({"name":"work"})";
  client.send(
      "POST /api/task/task_group/deploy HTTP/1.1\r\nHost: localhost\r\n"
      "Expect: 100-continue\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n");
  ASSERT_EQ(client.read()->status, 100) << "the request is under way";
  auto stopped = std::async(std::launch::async, [this] { server_->stop(); });
  client.send(body);
  const auto response = client.read();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_TRUE(client.closed_by_server());
  stopped.get();
}

class Start : public MasterFixture {};

TEST_F(Start, ATakenPortIsOneClearError) {
  http::ServerOptions options;
  options.listen = {"127.0.0.1", port()};
  const auto second = http::Server::start(options, {*engine_, *view_, *store_, outputs_, metrics_});
  ASSERT_FALSE(second);
  const std::string& message = second.error().message;
  EXPECT_TRUE(message.starts_with("cannot listen on 127.0.0.1:" + std::to_string(port()) +
                                  ": Address already in use"))
      << message;
  EXPECT_NE(message.find("--http-listen"), std::string::npos) << message;
}

TEST_F(Start, AnUnknownHostIsOneClearError) {
  http::ServerOptions options;
  options.listen = {"no such host", 0};
  const auto server = http::Server::start(options, {*engine_, *view_, *store_, outputs_, metrics_});
  ASSERT_FALSE(server);
  EXPECT_TRUE(server.error().message.starts_with("cannot listen on no such host:0: "))
      << server.error().message;
}

}  // namespace
}  // namespace drover::test
