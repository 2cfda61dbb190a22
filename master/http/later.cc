// Answers that do not come at once: those that wait for something, and those that come in pieces.
#include <algorithm>
#include <charconv>
#include <utility>

#include "common/limits.h"
#include "master/http/connection.h"
#include "master/http/listening.h"
#include "master/http/representation.h"

namespace drover::http {
namespace {

constexpr int kOk = 200;
constexpr std::string_view kStopping = "the master stops; ask again when it is back";

void append_chunk(std::string_view bytes, std::string& out) {
  if (bytes.empty()) return;  // would be the end
  char digits[16];
  out.append(digits, std::to_chars(digits, digits + sizeof(digits), bytes.size(), 16).ptr);
  out.append("\r\n").append(bytes).append("\r\n");
}

}  // namespace

// A wait for the socket is the one that news end, so that there is one wait at a time.
void Connection::hear() {
  has_news_ = true;
  net::error_code ignored;
  if (listens_) socket_.cancel(ignored);
}

void Connection::end_listening() {
  net::error_code ignored;
  if (listens_) socket_.cancel(ignored);
}

// Until there is news or the time is over. A client that sends nothing more has gone: what it
// waits for would be of no use to it.
net::Awaitable<void> Connection::await_news(net::Clock::time_point deadline) {
  timed_out_ = false;
  while (!has_news_ && open_ && !broken_ && !worker_.stopping()) {
    input_.keep();
    // What a client sends meanwhile waits for its turn; more than this is left in the socket.
    const bool crowded = input_.view().size() >= limits::kHttpHeaderBytes;
    listens_ = true;
    const bool ready =
        co_await wait(crowded ? net::Socket::wait_error : net::Socket::wait_read, deadline);
    listens_ = false;
    if (timed_out_) break;
    if (!ready) continue;
    if (crowded) {
      open_ = false;
    } else {
      read_available();
    }
  }
  has_news_ = false;
}

net::Awaitable<void> Connection::await() {
  co_await flush();
  Awaited* const awaited = awaited_.get();
  const Listening listening(worker_, [this] { hear(); });
  const auto deadline = net::Clock::now() + awaited->timeout();
  awaited->begin(listening.wake());
  std::optional<Response> response = awaited->look(Awaited::Look::early);
  while (!response && open_ && !broken_) {
    co_await await_news(deadline);
    const bool last = worker_.stopping() || net::Clock::now() >= deadline;
    response = awaited->look(last ? Awaited::Look::last : Awaited::Look::early);
  }
  if (response && open_) {
    represent(request_.head, *response);
    respond(*response);
  }
  awaited_.reset();
}

void Connection::begin_stream() {
  Framing framing;
  framing.http10 = request_.head.http10;
  // HTTP/1.0 knows no pieces: there the end of the connection is the end of the answer.
  framing.keep_alive = keeps_alive() && !framing.http10;
  append_stream_head(stream_->content_type, framing, out_);
  if (!framing.keep_alive) request_.head.keep_alive = false;
}

void Connection::append_piece(std::string_view piece) {
  if (request_.head.http10) {
    out_ += piece;
  } else {
    append_chunk(piece, out_);
  }
}

net::Awaitable<void> Connection::stream() {
  begin_stream();
  count(kOk, false);
  if (request_.head.method == Method::head) {
    end_request();
    co_return;
  }
  const Stream stream = std::move(*stream_);
  stream_.reset();
  const Listening listening(worker_, [this] { hear(); });
  stream.source->begin(listening.wake());
  auto state = Source::State::more;
  while (state != Source::State::over && open_ && !broken_ && !worker_.stopping()) {
    std::string piece;
    state = stream.source->read(piece);
    if (state == Source::State::idle && piece.empty() && out_.empty()) {
      const auto quiet = net::Clock::now() + shared_.timeouts.quiet;
      const auto look = stream.source->look_again();
      co_await await_news(std::min(quiet, look));
      if (timed_out_ && quiet <= look) stream.source->keep_alive(piece);
    }
    append_piece(piece);
    const bool says_nothing = out_.empty();
    co_await flush();
    // It may have much to look through: others have their turn meanwhile.
    if (says_nothing) co_await net::asio::post(socket_.get_executor(), net::kAwait);
  }
  std::string last_words;
  if (state != Source::State::over) stream.source->end_early(kStopping, last_words);
  append_piece(last_words);
  if (!request_.head.http10) out_ += "0\r\n\r\n";
  if (open_) end_request();
}

}  // namespace drover::http
