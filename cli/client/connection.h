// HTTP to one server, one request at a time.
//
// Calls block, with a limit of time for each step. The connection is kept for the next call, and
// made anew where the server has closed it meanwhile. One thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/endpoint.h"
#include "common/result.h"

namespace drover::cli {

struct HttpRequest {
  std::string method = "GET";
  std::string target;                // path and query, encoded
  std::string body = {};             // JSON; empty: none
  std::string accept = {};           // media type; empty: JSON
  std::string idempotency_key = {};  // empty: none
  // How long the server may take to begin its answer, on top of the connection's own patience.
  std::chrono::milliseconds extra_patience{0};
  // Of a stream: how long it may say nothing; 0: however long.
  std::chrono::milliseconds longest_silence{0};
};

struct HttpAnswer {
  unsigned status = 0;
  std::string body;
  std::chrono::seconds retry_after{0};  // as the server asks for; 0: it does not
};

class Connection {
 public:
  // `patience`: for connecting, for sending, and for each piece of an answer.
  Connection(Endpoint server, std::chrono::milliseconds patience);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const Endpoint& server() const;
  // Whether the server could be reached, at some time.
  bool has_connected() const;

  // When this descriptor can be read, the call that waits, or else the next one, ends with an
  // error. To be read by the caller before the next call. Not owned; to be unwatched before it is
  // closed.
  void watch(int fd);
  void unwatch();
  // Whether that is why the last call has ended.
  bool was_interrupted() const;
  // After how long the last answer asked to be asked again; 0: it did not.
  std::chrono::seconds retry_after() const;

  // The whole answer, whatever its status. The error, ErrorKind::io, says what went wrong with
  // which server.
  Result<HttpAnswer> ask(const HttpRequest& request);

  // Hands over the body piece by piece, as it comes, for as long as `on_piece` returns true. The
  // answer has no body where its status is 200; else it is as that of ask().
  using OnPiece = std::function<bool(std::string_view)>;
  Result<HttpAnswer> stream(const HttpRequest& request, const OnPiece& on_piece);

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace drover::cli
