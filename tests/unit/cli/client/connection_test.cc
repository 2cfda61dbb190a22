// A connection against a server that answers what a test tells it to.
#include "cli/client/connection.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <string>
#include <thread>
#include <vector>

#include "common/unique_fd.h"

namespace drover::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// Listens on a port of its own, and serves each connection with the next of its scripts: for every
// request that comes, the next answer, and then it closes.
class Server {
 public:
  using Script = std::vector<std::string>;
  explicit Server(std::vector<Script> scripts) : scripts_(std::move(scripts)) {
    listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener_.get(), generic, size), 0);
    EXPECT_EQ(::listen(listener_.get(), 16), 0);
    EXPECT_EQ(::getsockname(listener_.get(), generic, &size), 0);
    endpoint_ = {"127.0.0.1", ntohs(address.sin_port)};
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() { thread_.join(); }

  const Endpoint& endpoint() const { return endpoint_; }
  // All that has come; to be asked for once the connections are over.
  std::string received() {
    if (thread_.joinable()) thread_.join();
    thread_ = std::thread([] {});
    return received_;
  }

 private:
  void serve() {
    for (const Script& script : scripts_) {
      const UniqueFd peer(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      for (const std::string& answer : script) {
        if (!await_request(peer.get())) break;
        if (answer.empty()) {
          // Holds the connection until the client gives up.
          char one = 0;
          while (::recv(peer.get(), &one, 1, 0) > 0) {
          }
          break;
        }
        ::send(peer.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
      }
    }
  }

  bool await_request(int fd) {
    const std::size_t begin = received_.size();
    char buffer[4096];
    while (received_.find("\r\n\r\n", begin) == std::string::npos) {
      const ssize_t count = ::recv(fd, buffer, sizeof buffer, 0);
      if (count <= 0) return false;
      received_.append(buffer, static_cast<std::size_t>(count));
    }
    return true;
  }

  const std::vector<Script> scripts_;
  UniqueFd listener_;
  Endpoint endpoint_;
  std::string received_;
  std::thread thread_;
};

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
const std::string kChunks =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n";

TEST(Connection, IsKeptForTheNextRequest) {
  Server server({{kOk, kOk}});
  {
    Connection connection(server.endpoint(), 5s);
    EXPECT_EQ(connection.ask({"GET", "/a"})->body, "{}");
    EXPECT_EQ(connection.ask({"POST", "/b", "{\"x\":1}"})->status, 200U);
  }
  const std::string received = server.received();
  EXPECT_THAT(received, HasSubstr("GET /a HTTP/1.1\r\n"));
  EXPECT_THAT(received, HasSubstr("Host: " + server.endpoint().text() + "\r\n"));
  EXPECT_THAT(received, HasSubstr("POST /b HTTP/1.1\r\n"));
  EXPECT_THAT(received, HasSubstr("Content-Length: 7\r\n"));
}

TEST(Connection, IsMadeAnewWhereTheServerHasClosedIt) {
  Server server({{kOk}, {kOk}});
  Connection connection(server.endpoint(), 5s);
  EXPECT_TRUE(connection.ask({"GET", "/a"}));
  EXPECT_TRUE(connection.ask({"GET", "/b"}));
}

TEST(Connection, WhatMayNotBeDoneTwiceIsNotSaidTwice) {
  Server server({{kOk}});
  Connection connection(server.endpoint(), 5s);
  EXPECT_TRUE(connection.ask({"GET", "/a"}));
  EXPECT_EQ(connection.ask({"POST", "/b", "{}"}).error().kind, ErrorKind::io);
}

TEST(Connection, WithAKeyItMayBeSaidTwice) {
  Server server({{kOk}, {kOk}});
  Connection connection(server.endpoint(), 5s);
  EXPECT_TRUE(connection.ask({"GET", "/a"}));
  HttpRequest request{"POST", "/b", "{}"};
  request.idempotency_key = "k";
  EXPECT_TRUE(connection.ask(request));
}

TEST(Connection, GivesUpWhenTheServerIsSilent) {
  Server server({{""}});
  Connection connection(server.endpoint(), 50ms);
  const auto answer = connection.ask({"GET", "/a"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::io);
  EXPECT_THAT(answer.error().message, HasSubstr(server.endpoint().text()));
  EXPECT_THAT(answer.error().message, HasSubstr("longer than 50 ms"));
}

TEST(Connection, NobodyListens) {
  Connection connection({"127.0.0.1", 1}, 5s);
  EXPECT_EQ(connection.ask({"GET", "/"}).error().message,
            "cannot connect to the server at 127.0.0.1:1: Connection refused");
}

TEST(Connection, AStreamIsHandedOverAsItComes) {
  Server server({{kChunks}});
  Connection connection(server.endpoint(), 5s);
  std::string whole;
  const auto answer = connection.stream({"GET", "/s"}, [&](std::string_view piece) {
    whole += piece;
    return true;
  });
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200U);
  EXPECT_EQ(whole, "onetwo");
}

TEST(Connection, APieceIsNotHeldBackUntilTheNextOne) {
  // The server says no more, and holds the connection.
  const Server::Script script{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n",
                              ""};
  Server server(std::vector<Server::Script>{script});
  Connection connection(server.endpoint(), 5s);
  std::string piece;
  EXPECT_TRUE(connection.stream({"GET", "/s"}, [&](std::string_view text) {
    piece = text;
    return false;
  }));
  EXPECT_EQ(piece, "one");
}

TEST(Connection, AStreamEndsWhenNobodyWantsMore) {
  Server server({{kChunks}});
  Connection connection(server.endpoint(), 5s);
  int pieces = 0;
  EXPECT_TRUE(connection.stream({"GET", "/s"}, [&](std::string_view) { return ++pieces < 1; }));
  EXPECT_EQ(pieces, 1);
}

TEST(Connection, ARefusedStreamIsAnAnswer) {
  Server server({{"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"}});
  Connection connection(server.endpoint(), 5s);
  const auto answer = connection.stream({"GET", "/s"}, [](std::string_view) {
    ADD_FAILURE() << "the body of a refusal is no stream";
    return true;
  });
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 404U);
  EXPECT_EQ(answer->body, "{}");
}

TEST(Connection, AStreamMayNotBeSilentForTooLong) {
  const Server::Script script{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n",
                              ""};
  Server server(std::vector<Server::Script>{script});
  Connection connection(server.endpoint(), 5s);
  HttpRequest request{"GET", "/s"};
  request.longest_silence = 50ms;
  const auto answer = connection.stream(request, [](std::string_view) { return true; });
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("longer than 50 ms"));
}

TEST(Connection, TellsWhenToAskAgain) {
  const std::string busy =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 2"
      "\r\n\r\n{}";
  Server server({{busy, kOk}});
  Connection connection(server.endpoint(), 5s);
  EXPECT_FALSE(connection.has_connected());
  EXPECT_EQ(connection.ask({"GET", "/a"})->retry_after, 7s);
  EXPECT_EQ(connection.retry_after(), 7s);
  EXPECT_TRUE(connection.has_connected());
  EXPECT_EQ(connection.ask({"GET", "/a"})->retry_after, 0s);
  EXPECT_EQ(connection.retry_after(), 0s);
}

TEST(Connection, WhatIsWatchedEndsACall) {
  Server server({{""}});
  Connection connection(server.endpoint(), 30s);
  const UniqueFd event(::eventfd(0, EFD_CLOEXEC));
  connection.watch(event.get());
  std::thread other([&] { ::eventfd_write(event.get(), 1); });
  EXPECT_FALSE(connection.ask({"GET", "/"}));
  EXPECT_TRUE(connection.was_interrupted());
  other.join();
  connection.unwatch();
}

}  // namespace
}  // namespace drover::cli
