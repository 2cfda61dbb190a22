#include "master/http/request_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "common/limits.h"

namespace drover::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;
using Parser = beast::http::basic_parser<true>;
using HttpError = beast::http::error;

// A body is given room for as much as it announces, up to this much at once.
constexpr std::size_t kFirstBodyBytes = 64 * 1024;

// Whether these bytes of a chunked body may be less than the end of one, "0" and an empty line.
// When a first chunk is the last one, Beast takes it for a mistake of ours, and aborts, where it is
// handed that without its end for the second time.
bool may_end_too_soon(std::string_view bytes) {
  constexpr std::size_t kShortestEnd = 5;
  return bytes.size() < kShortestEnd && bytes.front() == '0';
}

Method to_method(beast::http::verb verb) {
  switch (verb) {
    case beast::http::verb::get:
      return Method::get;
    case beast::http::verb::head:
      return Method::head;
    case beast::http::verb::post:
      return Method::post;
    case beast::http::verb::put:
      return Method::put;
    case beast::http::verb::patch:
      return Method::patch;
    case beast::http::verb::delete_:
      return Method::remove;
    case beast::http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

}  // namespace

// Beast's parser calls back; nothing but what RequestHead names is copied.
class RequestParser::Grammar : public Parser {
 public:
  explicit Grammar(Request& request) : request_(request) {
    header_limit(limits::kHttpHeaderBytes);
    body_limit(boost::none);  // counted here, so that the head can be judged first
  }

 private:
  void on_request_impl(beast::http::verb verb, beast::string_view method, beast::string_view target,
                       int version, error_code&) override {
    request_.head.method = to_method(verb);
    request_.head.method_name.assign(method.data(), method.size());
    request_.head.target.assign(target.data(), target.size());
    request_.head.http10 = version == 10;
  }

  void on_field_impl(beast::http::field name, beast::string_view text, beast::string_view value,
                     error_code&) override {
    if (is_header_done()) return;  // a trailer
    RequestHead::Header* header = name == beast::http::field::unknown ? find(text) : find(name);
    if (header == nullptr) return;
    ++header->count;
    header->value.assign(value.data(), value.size());
  }

  void on_header_impl(error_code&) override { request_.head.keep_alive = keep_alive(); }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    if (length) request_.body.reserve(std::min<std::uint64_t>(*length, kFirstBodyBytes));
  }

  std::size_t on_body_impl(beast::string_view part, error_code& error) override {
    return append(part, error);
  }

  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view part,
                                 error_code& error) override {
    return append(part, error);
  }

  void on_finish_impl(error_code&) override {}

  void on_response_impl(int, beast::string_view, int, error_code&) override {}

  std::size_t append(beast::string_view part, error_code& error) {
    if (part.size() > limits::kHttpBodyBytes - request_.body.size()) {
      error = HttpError::body_limit;
      return 0;
    }
    request_.body.append(part.data(), part.size());
    return part.size();
  }

  RequestHead::Header* find(beast::http::field name) {
    switch (name) {
      case beast::http::field::host:
        return &request_.head.host;
      case beast::http::field::origin:
        return &request_.head.origin;
      case beast::http::field::expect:
        return &request_.head.expect;
      case beast::http::field::content_length:
        return &request_.head.content_length;
      case beast::http::field::transfer_encoding:
        return &request_.head.transfer_encoding;
      case beast::http::field::accept:
        return &request_.head.make_rare().accept;
      case beast::http::field::accept_encoding:
        return &request_.head.make_rare().accept_encoding;
      case beast::http::field::if_match:
        return &request_.head.make_rare().if_match;
      case beast::http::field::if_none_match:
        return &request_.head.make_rare().if_none_match;
      default:
        return nullptr;
    }
  }

  // Those that Beast has no number for.
  RequestHead::Header* find(beast::string_view name) {
    if (beast::iequals(name, "Idempotency-Key")) return &request_.head.make_rare().idempotency_key;
    if (beast::iequals(name, "Last-Event-ID")) return &request_.head.make_rare().last_event_id;
    return nullptr;
  }

  Request& request_;
};

namespace {

Problem to_problem(const error_code& error, bool in_request_line) {
  if (error == HttpError::header_limit && in_request_line) {
    return {Code::target_too_long, "the request line is too long; make the target shorter", ""};
  }
  if (error == HttpError::header_limit) {
    return {Code::header_too_large,
            "the header is larger than " + std::to_string(limits::kHttpHeaderBytes) +
                " bytes, the most that is taken; send fewer or shorter headers",
            ""};
  }
  if (error == HttpError::body_limit) {
    return {Code::body_too_large,
            "the body is larger than " + std::to_string(limits::kHttpBodyBytes) +
                " bytes, the most that is taken; make it smaller",
            ""};
  }
  if (error == HttpError::bad_version) {
    return {Code::unsupported_version,
            "the request line must end with HTTP/1.0 or HTTP/1.1 and CRLF", ""};
  }
  if (error == HttpError::bad_content_length || error == HttpError::multiple_content_length) {
    return {Code::malformed_request,
            "Content-Length is no number, is there twice, or is there with Transfer-Encoding", ""};
  }
  if (error == HttpError::bad_transfer_encoding) {
    return {Code::malformed_request,
            "Transfer-Encoding is there twice, or with Content-Length; send one of them", ""};
  }
  return {Code::malformed_request, "this is no HTTP request: " + error.message(), ""};
}

}  // namespace

RequestParser::RequestParser(Request& request) : grammar_(std::make_unique<Grammar>(request)) {}
RequestParser::~RequestParser() = default;

bool RequestParser::has_started() const { return grammar_->got_some(); }

RequestParser::Progress RequestParser::feed(InputBuffer& input) {
  while (!grammar_->got_some() && input.view().starts_with("\r\n")) input.consume(2);
  if (input.empty() || (!grammar_->got_some() && input.view() == "\r")) return Progress::need_more;

  const bool head_was_done = grammar_->is_header_done();
  grammar_->eager(head_was_done);
  while (true) {
    const std::string_view bytes = input.view();
    if (bytes.empty()) return Progress::need_more;
    if (head_was_done && grammar_->chunked() && may_end_too_soon(bytes)) {
      return Progress::need_more;
    }
    error_code error;
    const std::size_t used = grammar_->put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (!head_was_done) head_bytes_ += used;
    if (error && error != HttpError::need_more) {
      const bool in_request_line =
          head_bytes_ == 0 && bytes.substr(0, limits::kHttpHeaderBytes).find('\n') == bytes.npos;
      return fail(to_problem(error, in_request_line));
    }
    input.consume(used);
    if (!head_was_done && head_bytes_ > limits::kHttpHeaderBytes) {
      return fail(to_problem(HttpError::header_limit, false));
    }
    if (grammar_->is_done()) return Progress::complete;
    if (!head_was_done && grammar_->is_header_done()) return Progress::head_done;
    if (error != HttpError::need_more) continue;
    // Lines of a chunked body have no limit in Beast.
    if (head_was_done && input.view().size() > limits::kHttpHeaderBytes) {
      return fail(to_problem(HttpError::header_limit, false));
    }
    return Progress::need_more;
  }
}

RequestParser::Progress RequestParser::fail(Problem problem) {
  problem_ = std::move(problem);
  return Progress::failed;
}

}  // namespace drover::http
