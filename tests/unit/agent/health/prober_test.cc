// Checks over real sockets, of servers of every kind.
#include "agent/health/prober.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/unique_fd.h"

namespace drover::agent::health {
namespace {

using namespace std::chrono_literals;

// Takes connections on a free port until it is destroyed, and answers each request with `answer`;
// nothing: it says nothing, and holds them.
class Server {
 public:
  explicit Server(std::optional<std::string> answer)
      : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    socklen_t length = sizeof address;
    EXPECT_EQ(::bind(listener_.get(), any, length), 0);
    EXPECT_EQ(::listen(listener_.get(), 64), 0);
    EXPECT_EQ(::getsockname(listener_.get(), any, &length), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // Of the last one that was answered; after its check is over.
  std::string request() const {
    const std::lock_guard lock(mutex_);
    return request_;
  }

 private:
  void serve() {
    std::vector<UniqueFd> held;
    for (;;) {
      UniqueFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!client) return;
      if (answer_) {
        answer(client.get());
      } else {
        held.push_back(std::move(client));
      }
    }
  }

  void answer(int client) {
    std::string text;
    char part[1024];
    while (text.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = ::recv(client, part, sizeof part, 0);
      if (count <= 0) return;
      text.append(part, static_cast<std::size_t>(count));
    }
    {
      const std::lock_guard lock(mutex_);
      request_ = text;
    }
    static_cast<void>(::send(client, answer_->data(), answer_->size(), MSG_NOSIGNAL));
  }

  const std::optional<std::string> answer_;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::string request_;
  std::thread thread_;
};

class ProberTest : public testing::Test {
 protected:
  ProberTest()
      : prober_([this] {
          const std::lock_guard lock(mutex_);
          ++wakes_;
          woken_.notify_all();
        }) {}

  void begin(const HealthSpec& health) {
    core::AllocationSpec spec{{}, "template", {TaskSpec{}}};
    spec.tasks[0].health = health;
    const core::CheckId id{{{}, 0, 1}, ++last_};
    prober_.begin({id, std::make_shared<const core::AllocationSpec>(spec)});
  }
  std::vector<core::Checked> await(std::size_t count) {
    std::vector<core::Checked> all;
    std::unique_lock lock(mutex_);
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (all.size() < count) {
      for (core::Checked& each : prober_.take()) all.push_back(std::move(each));
      if (all.size() >= count || woken_.wait_until(lock, deadline) == std::cv_status::timeout)
        break;
    }
    return all;
  }
  // What a check finds; "" where it passes.
  std::string check(const HealthSpec& health) {
    begin(health);
    const auto all = await(1);
    if (all.size() != 1) return "nothing came of it";
    EXPECT_EQ(all[0].check.number, last_);
    return all[0].failure.value_or("");
  }
  static HealthSpec http(const std::string& address, const std::string& path = "/healthz") {
    HealthSpec health;
    health.http = "http://" + address + path;
    return health;
  }
  static HealthSpec tcp(const std::string& address) {
    HealthSpec health;
    health.tcp = address;
    return health;
  }

  std::mutex mutex_;
  std::condition_variable woken_;
  int wakes_ = 0;
  std::int64_t last_ = 0;
  Prober prober_;
};

TEST_F(ProberTest, AStatusSaysHowItIs) {
  const Server well("HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(check(http(well.address(), "/deep?all=1")), "");
  EXPECT_EQ(well.request().substr(0, 35), "GET /deep?all=1 HTTP/1.1\r\nHost: 127");
  const Server elsewhere("HTTP/1.0 302 Found\r\nLocation: /\r\n\r\n");
  EXPECT_EQ(check(http(elsewhere.address())), "");
}

TEST_F(ProberTest, WhatIsNotWellIsNamed) {
  const Server failing("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nsorry");
  EXPECT_EQ(check(http(failing.address())), "HTTP 503");
  const Server garbled("I am a mail server\r\n\r\n");
  EXPECT_NE(check(http(garbled.address())).find("waiting for an answer: "), std::string::npos);
  const Server curt("");
  EXPECT_NE(check(http(curt.address())).find("waiting for an answer: "), std::string::npos);
  const Server endless("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'));
  EXPECT_NE(check(http(endless.address())).find("waiting for an answer: "), std::string::npos);
}

TEST_F(ProberTest, NobodyListens) {
  std::string address;
  {
    const Server gone("");
    address = gone.address();
  }
  EXPECT_EQ(check(tcp(address)), "connecting to " + address + ": Connection refused");
  EXPECT_EQ(check(http(address)), "connecting to " + address + ": Connection refused");
}

TEST_F(ProberTest, AConnectionIsEnoughForTcp) {
  const Server silent(std::nullopt);
  EXPECT_EQ(check(tcp(silent.address())), "");
}

TEST_F(ProberTest, SilenceIsAFailureWhenItsTimeIsOver) {
  const Server silent(std::nullopt);
  HealthSpec health = http(silent.address());
  health.timeout = 50ms;
  EXPECT_EQ(check(health), "no answer within 50 ms");
}

TEST_F(ProberTest, WhatIsNoAddressSaysSo) {
  EXPECT_NE(check(http("a b")).find("is no http://HOST:PORT/PATH"), std::string::npos);
  EXPECT_NE(check(tcp("nowhere")).find("is no ADDRESS:PORT"), std::string::npos);
}

TEST_F(ProberTest, ManyAtOnceWaitForNoneOfThem) {
  const Server silent(std::nullopt);
  const Server well("HTTP/1.1 200 OK\r\n\r\n");
  for (int i = 0; i < 20; ++i) begin(http(silent.address()));
  for (int i = 0; i < 20; ++i) begin(http(well.address()));
  const auto all = await(20);
  ASSERT_EQ(all.size(), 20U);
  for (const core::Checked& each : all) {
    EXPECT_GT(each.check.number, 20);
    EXPECT_EQ(each.failure, std::nullopt);
  }
  // The rest is dropped with the prober.
}

TEST_F(ProberTest, WithoutAnyThereIsNothing) { EXPECT_TRUE(prober_.take().empty()); }

}  // namespace
}  // namespace drover::agent::health
