#include "cli/client/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "common/service.h"

namespace drover::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr std::size_t kPieceBytes = 16 * 1024;
constexpr std::uint32_t kAnswerHeaderBytes = 64 * 1024;
constexpr std::int64_t kLongestPause = 3600;                      // of a Retry-After, in seconds
constexpr std::uint64_t kAnswerBytes = std::uint64_t{256} << 20;  // of one that is read whole

http::request<http::string_body> to_beast(const HttpRequest& from, const Endpoint& server) {
  http::request<http::string_body> request;
  request.method_string(from.method);
  request.target(from.target);
  request.version(11);
  request.set(http::field::host, server.text());
  request.set(http::field::user_agent, "drover/" DROVER_VERSION);
  request.set(http::field::accept, from.accept.empty() ? "application/json" : from.accept);
  if (!from.idempotency_key.empty()) request.set("Idempotency-Key", from.idempotency_key);
  if (!from.body.empty()) {
    request.set(http::field::content_type, "application/json");
    request.body() = from.body;
  }
  request.prepare_payload();
  return request;
}

// The header's other form, a date, is of no use to a client whose clock may be wrong.
std::chrono::seconds retry_after_of(const http::fields& fields) {
  const auto text = fields[http::field::retry_after];
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kLongestPause));
}

}  // namespace

class Connection::Work {
 public:
  Work(Endpoint server, milliseconds patience) : server_(std::move(server)), patience_(patience) {}
  ~Work() { unwatch(); }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  const Endpoint& server() const { return server_; }
  bool has_connected() const { return has_connected_; }
  bool was_interrupted() const { return interrupted_; }
  std::chrono::seconds retry_after() const { return retry_after_; }

  void watch(int fd) { watched_.emplace(context_, fd); }

  void unwatch() {
    if (!watched_) return;
    watched_->release();
    watched_.reset();
    // What waited for it has been told, and is not to be told later.
    context_.restart();
    context_.poll();
  }

  Result<HttpAnswer> ask(const HttpRequest& request) { return exchange(request, nullptr); }
  Result<HttpAnswer> stream(const HttpRequest& request, const OnPiece& on_piece) {
    return exchange(request, &on_piece);
  }

 private:
  using Parser = http::response_parser<http::buffer_body>;

  // On the connection that there is. Where that turns out to be closed, what may be said twice is
  // said again on a new one.
  Result<HttpAnswer> exchange(const HttpRequest& request, const OnPiece* on_piece) {
    interrupted_ = false;
    retry_after_ = {};
    begin_watching();
    const bool is_used = stream_.has_value();
    const bool may_be_repeated =
        request.method == "GET" || request.method == "PUT" || !request.idempotency_key.empty();
    error_code error = is_used ? error_code() : connect();
    std::optional<Parser> parser;
    if (!error) error = begin(request, parser.emplace());
    if (error && is_used && may_be_repeated && !interrupted_ && error != beast::error::timeout) {
      error = connect();
      if (!error) error = begin(request, parser.emplace());
    }
    if (error) return failed(error);
    retry_after_ = retry_after_of(parser->get());
    return read_body(*parser, request, on_piece);
  }

  error_code connect() {
    error_code error;
    doing_ = "connect to";
    tcp::resolver resolver(context_);
    const auto found = resolver.resolve(server_.host, std::to_string(server_.port), error);
    if (error) return error;
    stream_.emplace(context_);
    buffer_.clear();
    error = run(patience_, [&](auto&& done) {
      stream_->async_connect(
          found, [done](const error_code& result, const tcp::endpoint&) { done(result); });
    });
    if (!error) {
      has_connected_ = true;
      error_code ignored;
      stream_->socket().set_option(tcp::no_delay(true), ignored);
      // A follower must notice that its server is gone, though it has nothing to say.
      stream_->socket().set_option(asio::socket_base::keep_alive(true), ignored);
    }
    return error;
  }

  // Sends the request and reads the head of the answer.
  error_code begin(const HttpRequest& from, Parser& parser) {
    doing_ = "ask";
    const auto request = to_beast(from, server_);
    const error_code error = run(patience_, [&](auto&& done) {
      http::async_write(*stream_, request,
                        [done](const error_code& result, std::size_t) { done(result); });
    });
    if (error) return error;
    doing_ = "get an answer from";
    parser.header_limit(kAnswerHeaderBytes);
    parser.body_limit(boost::none);
    return run(patience_ + from.extra_patience, [&](auto&& done) {
      http::async_read_header(*stream_, buffer_, parser,
                              [done](const error_code& result, std::size_t) { done(result); });
    });
  }

  Result<HttpAnswer> read_body(Parser& parser, const HttpRequest& request,
                               const OnPiece* on_piece) {
    doing_ = "read the answer of";
    HttpAnswer answer{parser.get().result_int(), "", retry_after_};
    const bool hands_over = on_piece != nullptr && answer.status == 200;
    std::array<char, kPieceBytes> piece{};
    // Else a piece would be held back until the next one has begun.
    parser.eager(false);
    while (!parser.is_done()) {
      parser.get().body() = {piece.data(), piece.size(), true};
      error_code error = run(hands_over ? request.longest_silence : patience_, [&](auto&& done) {
        http::async_read_some(*stream_, buffer_, parser,
                              [done](const error_code& result, std::size_t) { done(result); });
      });
      if (error == http::error::need_buffer) error = {};
      if (error) return failed(error);
      const std::string_view text(piece.data(), piece.size() - parser.get().body().size);
      if (hands_over) {
        if (text.empty() || (*on_piece)(text)) continue;
        close();
        return answer;
      }
      answer.body += text;
      if (answer.body.size() > kAnswerBytes) {
        return failed(make_error_code(http::error::body_limit));
      }
    }
    if (!parser.keep_alive()) close();
    return answer;
  }

  // Starts an operation and waits for its end. `limit` 0: for as long as it takes.
  template <class Start>
  error_code run(milliseconds limit, const Start& start) {
    if (interrupted_) return asio::error::operation_aborted;
    limit_ = limit;
    if (limit.count() > 0) {
      stream_->expires_after(limit);
    } else {
      stream_->expires_never();
    }
    std::optional<error_code> result;
    start([&result](const error_code& error) { result = error; });
    context_.restart();
    while (!result) context_.run_one();
    return *result;
  }

  void begin_watching() {
    if (!watched_ || is_watching_) return;
    is_watching_ = true;
    watched_->async_wait(asio::posix::descriptor_base::wait_read, [this](const error_code& error) {
      is_watching_ = false;
      if (error) return;
      interrupted_ = true;
      if (stream_) stream_->cancel();
    });
  }

  void close() { stream_.reset(); }

  Error failed(const error_code& error) {
    close();
    if (interrupted_) return {ErrorKind::io, "interrupted"};
    const std::string what = std::string("cannot ") + doing_ + " the server at " + server_.text();
    if (error == beast::error::timeout) {
      return {ErrorKind::io,
              what + ": it took longer than " + std::to_string(limit_.count()) + " ms"};
    }
    const std::string why =
        error == http::error::end_of_stream ? "it closed the connection" : error.message();
    return {ErrorKind::io, what + ": " + why};
  }

  const Endpoint server_;
  const milliseconds patience_;
  asio::io_context context_{1};
  std::optional<asio::posix::stream_descriptor> watched_;
  bool is_watching_ = false;
  bool interrupted_ = false;
  bool has_connected_ = false;
  std::chrono::seconds retry_after_{0};
  milliseconds limit_{0};                    // of the last step
  std::optional<beast::tcp_stream> stream_;  // absent: not connected
  beast::flat_buffer buffer_;
  const char* doing_ = "connect to";  // for the error
};

Connection::Connection(Endpoint server, milliseconds patience)
    : work_(std::make_unique<Work>(std::move(server), patience)) {}

Connection::~Connection() = default;

const Endpoint& Connection::server() const { return work_->server(); }
void Connection::watch(int fd) { work_->watch(fd); }
void Connection::unwatch() { work_->unwatch(); }
bool Connection::has_connected() const { return work_->has_connected(); }
bool Connection::was_interrupted() const { return work_->was_interrupted(); }
std::chrono::seconds Connection::retry_after() const { return work_->retry_after(); }

Result<HttpAnswer> Connection::ask(const HttpRequest& request) { return work_->ask(request); }

Result<HttpAnswer> Connection::stream(const HttpRequest& request, const OnPiece& on_piece) {
  return work_->stream(request, on_piece);
}

}  // namespace drover::cli
