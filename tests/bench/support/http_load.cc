#include "tests/bench/support/http_load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace drover::bench {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

UniqueFd connect_to(std::uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(port);
  peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof peer) != 0) {
    fail("cannot connect to port " + std::to_string(port));
  }
  const int yes = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return fd;
}

void send_all(int fd, std::string_view bytes) {
  const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  // A request is far smaller than what a socket takes.
  if (sent != static_cast<ssize_t>(bytes.size())) fail("cannot send a request");
}

std::string head_of(const std::string& method, std::uint16_t port, const std::string& path,
                    const char* version = "HTTP/1.1") {
  return method + ' ' + path + ' ' + version + "\r\nHost: 127.0.0.1:" + std::to_string(port) +
         "\r\n";
}

constexpr std::string_view kHeadEnd = "\r\n\r\n";

void expect_success(std::string_view answer) {
  if (answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.0 200")) return;
  throw std::runtime_error("the server answers " + std::string(answer.substr(0, 1000)));
}

std::size_t length_in(std::string_view head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const std::size_t place = head.find(kName);
  std::size_t length = 0;
  if (place == head.npos) throw std::runtime_error("an answer without Content-Length");
  std::from_chars(head.data() + place + kName.size(), head.data() + head.size(), length);
  return length;
}

}  // namespace

Readiness::Readiness() : fd_(::epoll_create1(EPOLL_CLOEXEC)) {}

void Readiness::add(int fd, std::uint32_t key) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u32 = key;
  if (::epoll_ctl(fd_.get(), EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
}

std::span<const epoll_event> Readiness::wait(std::chrono::milliseconds most) {
  const int count = ::epoll_wait(fd_.get(), events_.data(), static_cast<int>(events_.size()),
                                 static_cast<int>(most.count()));
  if (count < 0 && errno != EINTR) fail("epoll_wait");
  return {events_.data(), static_cast<std::size_t>(count < 0 ? 0 : count)};
}

std::string get_request(std::uint16_t port, const std::string& path) {
  return head_of("GET", port, path) + "\r\n";
}

std::string post_request(std::uint16_t port, const std::string& path, const std::string& body) {
  return head_of("POST", port, path) + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

bool Received::read_from(int fd) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == buffer_.size()) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) throw std::runtime_error("an answer is larger than the buffer");
  const ssize_t count = ::recv(fd, buffer_.data() + end_, buffer_.size() - end_, 0);
  if (count < 0 && errno != EINTR) fail("cannot read an answer");
  if (count > 0) end_ += static_cast<std::size_t>(count);
  return count != 0;
}

void Received::consume(std::size_t count) { begin_ += count; }

KeepAliveConnection::KeepAliveConnection(std::uint16_t port) : fd_(connect_to(port)) {}

void KeepAliveConnection::send(std::string_view request) { send_all(fd_.get(), request); }

std::optional<std::string_view> KeepAliveConnection::receive() {
  received_.consume(std::exchange(answered_, 0));
  if (!received_.read_from(fd_.get())) throw std::runtime_error("the server has closed");
  const std::string_view bytes = received_.view();
  const std::size_t head_end = bytes.find(kHeadEnd);
  if (head_end == bytes.npos) return std::nullopt;
  const std::size_t body_begin = head_end + kHeadEnd.size();
  const std::size_t length = length_in(bytes.substr(0, head_end));
  if (bytes.size() < body_begin + length) return std::nullopt;
  expect_success(bytes);
  answered_ = body_begin + length;
  return bytes.substr(body_begin, length);
}

LineStream::LineStream(std::uint16_t port, const std::string& path) : fd_(connect_to(port)) {
  // By HTTP/1.0 it comes without frames of chunks.
  send_all(fd_.get(), head_of("GET", port, path, "HTTP/1.0") + "\r\n");
  while (received_.view().find(kHeadEnd) == std::string_view::npos) read();
  expect_success(received_.view());
  received_.consume(received_.view().find(kHeadEnd) + kHeadEnd.size());
}

void LineStream::read() {
  if (!received_.read_from(fd_.get())) throw std::runtime_error("the server has ended the stream");
}

}  // namespace drover::bench
