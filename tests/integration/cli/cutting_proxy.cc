#include "tests/integration/cli/cutting_proxy.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace drover::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

bool can_be_read(int fd) {
  pollfd readable{fd, POLLIN, 0};
  return ::poll(&readable, 1, 0) > 0;
}

// At most `most` bytes; empty: there are no more.
std::string receive(int from, std::size_t most) {
  std::array<char, 4096> buffer{};
  const ssize_t count = ::recv(from, buffer.data(), std::min(most, buffer.size()), 0);
  return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

void send(int to, const std::string& bytes) {
  ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

}  // namespace

CuttingProxy::CuttingProxy(std::uint16_t server, std::vector<std::size_t> bytes)
    : server_(server), bytes_(std::move(bytes)) {
  listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  end_.reset(::eventfd(0, EFD_CLOEXEC));
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(::bind(listener_.get(), generic, size), 0);
  EXPECT_EQ(::listen(listener_.get(), 16), 0);
  EXPECT_EQ(::getsockname(listener_.get(), generic, &size), 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

CuttingProxy::~CuttingProxy() {
  ::eventfd_write(end_.get(), 1);
  thread_.join();
}

std::string CuttingProxy::address() const { return "127.0.0.1:" + std::to_string(port_); }

void CuttingProxy::serve() {
  for (std::size_t number = 0; await(listener_.get(), -1); ++number) {
    const UniqueFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!carry(client.get(), number < bytes_.size() ? bytes_[number] : kWhole)) return;
  }
}

bool CuttingProxy::carry(int client, std::size_t bytes) {
  const UniqueFd server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(server_);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(server.get(), generic, sizeof address) != 0) return true;
  while (await(client, server.get())) {
    if (can_be_read(client)) {
      const std::string request = receive(client, kWhole);
      if (request.empty()) return true;
      send(server.get(), as_for_the_server(request));
    }
    if (!can_be_read(server.get())) continue;
    // The answer has come, and the client does not hear of it.
    if (bytes == 0) return true;
    const std::string answer = receive(server.get(), bytes);
    if (answer.empty()) return true;
    send(client, answer);
    if (bytes != kWhole) bytes -= answer.size();
  }
  return false;
}

// It wants to be named with its own port.
std::string CuttingProxy::as_for_the_server(std::string request) const {
  const std::size_t host = request.find(address());
  if (host != std::string::npos) {
    request.replace(host, address().size(), "127.0.0.1:" + std::to_string(server_));
  }
  return request;
}

bool CuttingProxy::await(int one, int other) const {
  std::array<pollfd, 3> watched{pollfd{one, POLLIN, 0}, pollfd{other, POLLIN, 0},
                                pollfd{end_.get(), POLLIN, 0}};
  ::poll(watched.data(), watched.size(), -1);
  return watched[2].revents == 0;
}

}  // namespace drover::test
