// A small blocking HTTP client for tests: raw bytes in, parsed answers out. Every wait ends at a
// deadline. It never repairs what a test sends, and refuses answers that are not well formed.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/unique_fd.h"

namespace drover::test {

struct HttpResponse {
  int status = 0;
  std::string head;                            // as received, without the empty line
  std::map<std::string, std::string> headers;  // names in lower case; repeated ones joined by ", "
  std::string body;

  // Empty if there is none. `name` in lower case.
  std::string header(const std::string& name) const;
  // The "code" of an error body; empty if the body has none.
  std::string code() const;
  std::string message() const;
};

// One connection. Not for several threads at a time.
class HttpClient {
 public:
  // What it means that nobody listens.
  enum class Refusal { fails_the_test, is_expected };
  explicit HttpClient(std::uint16_t port, const std::string& address = "127.0.0.1",
                      Refusal refusal = Refusal::fails_the_test);
  bool connected() const { return static_cast<bool>(fd_); }

  void set_timeout(std::chrono::milliseconds timeout) { timeout_ = timeout; }

  // Sends all bytes; false if the server stopped taking them (or the deadline ended).
  bool send(std::string_view bytes);
  // No more will be sent; answers can still be read.
  void end_sending();
  void close() { fd_.reset(); }
  // Ends the connection with a reset, as a client that crashes may.
  void reset();

  // The next answer, whose body is absent if it is one to HEAD. Nothing: the connection ended, or
  // the deadline did, or the answer was malformed.
  enum class Body { expected, absent };
  std::optional<HttpResponse> read(Body body = Body::expected);
  // Of an answer in pieces, whose head was read with Body::absent: the next one, empty at the end.
  std::optional<std::string> read_piece();

  // The server closes or resets, without sending anything more, before the deadline.
  bool closed_by_server();

  // Whole requests with Host; `headers` are lines, each with its CRLF.
  std::optional<HttpResponse> get(const std::string& path, const std::string& headers = "");
  std::optional<HttpResponse> post(const std::string& path, std::string_view body,
                                   const std::string& headers = "");
  // The bytes of such a request, to be sent by a test that wants to.
  std::string request(const std::string& method, const std::string& path,
                      const std::optional<std::string_view>& body,
                      const std::string& headers = "") const;

  std::uint16_t port() const { return port_; }
  int fd() const { return fd_.get(); }

 private:
  bool await(short events, std::chrono::steady_clock::time_point deadline) const;
  bool receive(std::chrono::steady_clock::time_point deadline);

  std::uint16_t port_;
  std::chrono::milliseconds timeout_ = std::chrono::seconds(20);
  UniqueFd fd_;
  std::string received_;
};

}  // namespace drover::test
