// A request and its answer, free of sockets: what the handlers see.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "master/http/query_values.h"

namespace drover::http {

enum class Method { get, head, post, put, patch, remove, options, other };

// What of a request's head anything here looks at. Kept by its connection and used again for the
// next request, so that its strings keep their memory.
struct RequestHead {
  Method method = Method::other;
  std::string method_name;
  std::string target;  // as received: origin, absolute or asterisk form
  bool http10 = false;
  bool keep_alive = false;  // as its version and its Connection header say

  // How often a header was there, and the last of its values.
  struct Header {
    std::size_t count = 0;
    std::string value;
  };
  Header host;
  Header origin;
  Header expect;
  Header content_length;
  Header transfer_encoding;
  // Those that many clients never send. They exist from the first that comes to the end of the
  // request, so that they add nothing to a connection that waits.
  struct Rare {
    Header accept;
    Header accept_encoding;
    Header if_match;
    Header if_none_match;
    Header idempotency_key;
    Header last_event_id;
  };
  const Rare& rare() const;
  Rare& make_rare();

  void clear();
  bool announces_body() const;

 private:
  std::unique_ptr<Rare> rare_;
};

struct Request {
  RequestHead head;
  std::string body;
  std::string path_parameter;  // what stands in the place of the route's "{...}", decoded
  QueryValues query;           // of the parameters that the route takes

  // Ready for the next request. Memory beyond a small amount is given back.
  void clear();
};

struct Response {
  int status = 200;
  std::string body;
  // In place of `body`, where the text belongs to a record: it is not copied.
  std::shared_ptr<const std::string> shared_body;
  std::string allow;         // value of the Allow header; empty: no such header
  bool retry_after = false;  // with a Retry-After header
  std::string etag;          // value of the ETag header; empty: no such header
  std::string_view content_type = "application/json";  // a literal
  bool varies = false;  // its encoding depends on what the client accepts
  bool gzip = false;    // `body` is compressed

  std::string_view text() const { return shared_body ? *shared_body : body; }
};

// How an answer is framed.
struct Framing {
  bool keep_alive = true;
  bool http10 = false;
  bool head_only = false;  // the answer to HEAD: the same header, no body
};

// Appends the answer as it goes over the wire.
void append_response(const Response& response, const Framing& framing, std::string& out);

// The head of an answer that comes in pieces: chunked, or up to the end of the connection by
// HTTP/1.0.
void append_stream_head(std::string_view content_type, const Framing& framing, std::string& out);

}  // namespace drover::http
