#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace drover::test {
namespace {

using Clock = std::chrono::steady_clock;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

UniqueFd connect_to(std::uint16_t port, const std::string& address) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(port);
  ::inet_pton(AF_INET, address.c_str(), &peer.sin_addr);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof(peer)) != 0) {
    return UniqueFd();
  }
  const int yes = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  return fd;
}

// Fills all but the body; false if the head is malformed.
bool parse_head(const std::string& head, HttpResponse& response) {
  response.head = head;
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12) return false;
  if (std::from_chars(head.data() + 9, head.data() + 12, response.status).ptr != head.data() + 12) {
    return false;
  }
  std::size_t at = head.find("\r\n");
  while (at != std::string::npos) {
    const std::size_t begin = at + 2;
    at = head.find("\r\n", begin);
    const std::string line = head.substr(begin, at == std::string::npos ? at : at - begin);
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) return false;
    std::string& value = response.headers[lower(line.substr(0, colon))];
    if (!value.empty()) value += ", ";
    value += line.substr(colon + 2);
  }
  return true;
}

// The string that follows `"key":` in a flat object whose escapes need no decoding.
std::string string_member(const std::string& json, const std::string& key) {
  const std::string start = "\"" + key + "\":\"";
  const std::size_t at = json.find(start);
  if (at == std::string::npos) return "";
  std::string value;
  for (std::size_t i = at + start.size(); i < json.size() && json[i] != '"'; ++i) {
    if (json[i] == '\\' && i + 1 < json.size()) ++i;
    value += json[i];
  }
  return value;
}

}  // namespace

std::string HttpResponse::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::string HttpResponse::code() const { return string_member(body, "code"); }

std::string HttpResponse::message() const { return string_member(body, "message"); }

HttpClient::HttpClient(std::uint16_t port, const std::string& address, Refusal refusal)
    : port_(port), fd_(connect_to(port, address)) {
  if (!fd_ && refusal == Refusal::fails_the_test) {
    ADD_FAILURE() << "cannot connect to " << address << ":" << port;
  }
}

bool HttpClient::await(short events, Clock::time_point deadline) const {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd poll{fd_.get(), events, 0};
  return left > 0 && fd_.get() >= 0 && ::poll(&poll, 1, static_cast<int>(left)) > 0;
}

bool HttpClient::send(std::string_view bytes) {
  const auto deadline = Clock::now() + timeout_;
  while (!bytes.empty()) {
    if (!await(POLLOUT, deadline)) return false;
    const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) return false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void HttpClient::end_sending() { ::shutdown(fd_.get(), SHUT_WR); }

void HttpClient::reset() {
  const linger now{1, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  fd_.reset();
}

// False: nothing more will come.
bool HttpClient::receive(Clock::time_point deadline) {
  if (!await(POLLIN, deadline)) return false;
  char buffer[65536];
  const ssize_t count = ::recv(fd_.get(), buffer, sizeof(buffer), 0);
  if (count <= 0) return false;
  received_.append(buffer, static_cast<std::size_t>(count));
  return true;
}

std::optional<HttpResponse> HttpClient::read(Body body) {
  const auto deadline = Clock::now() + timeout_;
  std::size_t head_end = received_.find("\r\n\r\n");
  while (head_end == std::string::npos) {
    if (!receive(deadline)) return std::nullopt;
    head_end = received_.find("\r\n\r\n");
  }
  HttpResponse response;
  if (!parse_head(received_.substr(0, head_end), response)) return std::nullopt;
  received_.erase(0, head_end + 4);
  if (body == Body::absent || response.status < 200 || response.status == 204 ||
      response.status == 304)
    return response;

  if (response.header("transfer-encoding") == "chunked") {
    while (auto piece = read_piece()) {
      if (piece->empty()) return response;
      response.body += *piece;
    }
    return std::nullopt;
  }
  const std::string length_text = response.header("content-length");
  std::size_t length = 0;
  if (std::from_chars(length_text.data(), length_text.data() + length_text.size(), length).ec !=
      std::errc()) {
    return std::nullopt;
  }
  while (received_.size() < length) {
    if (!receive(deadline)) return std::nullopt;
  }
  response.body = received_.substr(0, length);
  received_.erase(0, length);
  return response;
}

std::optional<std::string> HttpClient::read_piece() {
  const auto deadline = Clock::now() + timeout_;
  std::size_t line_end = received_.find("\r\n");
  while (line_end == std::string::npos) {
    if (!receive(deadline)) return std::nullopt;
    line_end = received_.find("\r\n");
  }
  std::size_t size = 0;
  const char* const end = received_.data() + line_end;
  const auto [rest, error] = std::from_chars(received_.data(), end, size, 16);
  if (error != std::errc() || rest != end) return std::nullopt;
  const std::size_t whole = line_end + 2 + size + 2;
  while (received_.size() < whole) {
    if (!receive(deadline)) return std::nullopt;
  }
  if (received_.compare(whole - 2, 2, "\r\n") != 0) return std::nullopt;
  std::string piece = received_.substr(line_end + 2, size);
  received_.erase(0, whole);
  return piece;
}

bool HttpClient::closed_by_server() {
  if (!received_.empty() || !await(POLLIN, Clock::now() + timeout_)) return false;
  char byte = 0;
  return ::recv(fd_.get(), &byte, 1, 0) <= 0;
}

std::string HttpClient::request(const std::string& method, const std::string& path,
                                const std::optional<std::string_view>& body,
                                const std::string& headers) const {
  std::string text = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                     "\r\n" + headers;
  if (body) text += "Content-Length: " + std::to_string(body->size()) + "\r\n";
  text += "\r\n";
  if (body) text += *body;
  return text;
}

std::optional<HttpResponse> HttpClient::get(const std::string& path, const std::string& headers) {
  send(request("GET", path, std::nullopt, headers));
  return read();
}

std::optional<HttpResponse> HttpClient::post(const std::string& path, std::string_view body,
                                             const std::string& headers) {
  send(request("POST", path, body, headers));
  return read();
}

}  // namespace drover::test
