#include "master/http/connection.h"

#include <boost/asio/buffer.hpp>
#include <utility>

#include "common/limits.h"
#include "master/http/engine_call.h"
#include "master/http/guard.h"
#include "master/http/representation.h"
#include "master/http/store_problem.h"
#include "master/http/target.h"
#include "master/metrics/metrics.h"

namespace drover::http {
namespace {

// Answers are gathered up to about this much before they are sent.
constexpr std::size_t kGatheredBytes = 64 * 1024;
// A connection that waits keeps no more memory than this for its answers.
constexpr std::size_t kKeptBytes = 1024;

constexpr auto kNever = net::Clock::time_point::max();

}  // namespace

Connection::Connection(Worker& worker, net::Socket socket)
    : worker_(worker), shared_(worker.shared()), socket_(std::move(socket)) {
  net::error_code ignored;  // a socket that is broken already shows it at the first read
  socket_.non_blocking(true, ignored);
  socket_.set_option(net::tcp::no_delay(true), ignored);
  worker_.enlist(*this);
}

net::Awaitable<void> Connection::serve() {
  while (open_) {
    switch (advance()) {
      case Next::input:
        co_await receive();
        break;
      case Next::output:
        co_await flush();
        break;
      case Next::engine:
        co_await submit();
        break;
      case Next::news:
        co_await await();
        break;
      case Next::stream:
        co_await stream();
        break;
      case Next::end:
        open_ = false;
        break;
    }
  }
  co_await finish();
}

net::Awaitable<void> Connection::turn_away() {
  refuse({Code::too_many_connections, "too many connections; close some, or try again later", ""});
  co_await finish();
}

// --- What was received ---------------------------------------------------------------------------

// Goes as far as it can without waiting.
Connection::Next Connection::advance() {
  while (open_) {
    if (out_.size() >= kGatheredBytes) return Next::output;
    if (input_.empty()) return Next::input;
    if (!parser_) {
      parser_.emplace(request_);
      request_began_ = net::Clock::now();
      request_deadline_ = request_began_ + shared_.timeouts.header;
    }
    switch (parser_->feed(input_)) {
      case RequestParser::Progress::need_more:
        if (!parser_->has_started() && input_.empty()) parser_.reset();
        return Next::input;
      case RequestParser::Progress::failed:
        return refuse(parser_->problem());
      case RequestParser::Progress::head_done:
        if (auto problem = judge_head()) return refuse(*problem);
        if (expects_continue() && input_.empty()) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
        request_deadline_ = net::Clock::now() + shared_.timeouts.body;
        break;
      case RequestParser::Progress::complete:
        if (!judged_) {
          if (auto problem = judge_head()) return refuse(*problem);
        }
        if (const auto next = answer()) return *next;
        break;
    }
  }
  return Next::end;
}

// A problem: the request must be refused and the connection closed. What else is wrong with the
// head waits in routing_ until the body was read, so that the connection can go on.
MaybeProblem Connection::judge_head() {
  judged_ = true;
  if (auto problem = check_framing(request_.head)) return problem;
  Target target;
  routing_ = Routing{};
  routing_.problem = parse_target(request_.head.target, target);
  if (auto problem = shared_.guard.check(request_.head, target.authority)) return problem;
  if (!routing_.problem) routing_ = find_route(request_.head, target);
  request_.path_parameter = std::move(routing_.path_parameter);
  request_.query = std::move(routing_.query);
  // Whoever asks before it sends a body gets the answer instead of the body's being wanted.
  if (expects_continue() && request_.head.announces_body()) return routing_.problem;
  return std::nullopt;
}

bool Connection::expects_continue() const {
  return request_.head.expect.count > 0 && !request_.head.http10;
}

// Nothing: it was answered.
std::optional<Connection::Next> Connection::answer() {
  if (routing_.problem) {
    respond(to_response(*routing_.problem));
    return std::nullopt;
  }
  if (routing_.route == nullptr) {
    Response options;
    options.status = 204;
    options.allow = routing_.allow;
    respond(options);
    return std::nullopt;
  }
  Answer result = routing_.route->handler(shared_.services, request_);
  if (auto* response = std::get_if<Response>(&result)) {
    represent(request_.head, *response);
    respond(*response);
    return std::nullopt;
  }
  if (auto* submission = std::get_if<Submission>(&result)) {
    submission_ = std::move(*submission);
    return Next::engine;
  }
  if (auto* awaited = std::get_if<std::unique_ptr<Awaited>>(&result)) {
    awaited_ = std::move(*awaited);
    return Next::news;
  }
  stream_ = std::move(std::get<Stream>(result));
  return Next::stream;
}

bool Connection::keeps_alive() const { return request_.head.keep_alive && !worker_.stopping(); }

// Ends the request that is under way with this answer.
void Connection::respond(const Response& response) {
  Framing framing;
  framing.keep_alive = keeps_alive();
  framing.http10 = request_.head.http10;
  framing.head_only = request_.head.method == Method::head;
  append_response(response, framing, out_);
  count(response.status, awaited_ == nullptr);
  end_request();
}

// `at_once`: it took no longer than it had to.
void Connection::count(int status, bool at_once) {
  metrics::Metrics& metrics = shared_.services.metrics;
  const std::size_t number = routing_.route != nullptr
                                 ? static_cast<std::size_t>(routing_.route - routes().data())
                                 : metrics.route_count();
  metrics::RouteCounts& counts = metrics.route(number);
  const auto digit = static_cast<std::size_t>(status / 100);
  counts.by_class.at(digit).fetch_add(1, std::memory_order_relaxed);
  if (at_once) counts.times.observe(net::Clock::now() - request_began_);
}

void Connection::end_request() {
  if (!keeps_alive()) {
    open_ = false;
    linger_ = !input_.empty();
  }
  parser_.reset();
  judged_ = false;
  request_.clear();
}

// Ends the connection with this answer.
Connection::Next Connection::refuse(const Problem& problem) {
  request_.head.keep_alive = false;
  respond(to_response(problem));
  linger_ = true;
  return Next::end;
}

// --- Waiting -------------------------------------------------------------------------------------

void Connection::check_deadline(net::Clock::time_point now) {
  if (now < deadline_) return;
  deadline_ = kNever;
  timed_out_ = true;
  net::error_code ignored;
  socket_.cancel(ignored);
}

void Connection::end_if_idle() {
  if (is_idle()) check_deadline(kNever);
}

void Connection::cut() {
  broken_ = true;
  net::error_code ignored;
  socket_.close(ignored);
}

// False: the deadline is over, or the socket is gone.
net::Awaitable<bool> Connection::wait(net::Socket::wait_type readiness,
                                      net::Clock::time_point deadline) {
  deadline_ = deadline;
  timed_out_ = false;
  net::error_code error;
  co_await socket_.async_wait(readiness, net::asio::redirect_error(net::kAwait, error));
  deadline_ = kNever;
  co_return !error && !timed_out_;
}

net::Awaitable<void> Connection::receive() {
  co_await flush();
  if (!open_ || (is_idle() && worker_.stopping())) {
    open_ = false;
    co_return;
  }
  input_.keep();
  const bool idle = is_idle();
  const auto idle_deadline = net::Clock::now() + shared_.timeouts.idle;
  const bool ready =
      co_await wait(net::Socket::wait_read, idle ? idle_deadline : request_deadline_);
  if (!ready) {
    receive_timed_out();
    co_return;
  }
  read_available();
}

void Connection::read_available() {
  const auto buffer = worker_.receive_buffer();
  net::error_code error;
  const std::size_t count =
      socket_.read_some(net::asio::buffer(buffer.data(), buffer.size()), error);
  if (error == net::asio::error::would_block) return;
  if (error) {
    open_ = false;  // the client has gone, or wants no more answers than it got
  } else {
    input_.add({buffer.data(), count});
  }
}

void Connection::receive_timed_out() {
  const bool in_request = parser_.has_value();
  open_ = false;
  if (!timed_out_ || !in_request) return;
  refuse({Code::request_timeout, "the request took too long to arrive; send it faster", ""});
}

net::Awaitable<void> Connection::flush() {
  const auto deadline = net::Clock::now() + shared_.timeouts.write;
  std::size_t sent = 0;
  while (sent < out_.size() && !broken_) {
    net::error_code error;
    sent += socket_.write_some(net::asio::buffer(out_.data() + sent, out_.size() - sent), error);
    if (error == net::asio::error::would_block) {
      input_.keep();
      const bool ready = co_await wait(net::Socket::wait_write, deadline);
      if (!ready) broken_ = true;
    } else if (error) {
      broken_ = true;
    }
  }
  if (broken_) open_ = false;
  if (out_.capacity() > kKeptBytes) {
    std::string().swap(out_);
  } else {
    out_.clear();
  }
}

net::Awaitable<void> Connection::submit() {
  input_.keep();
  core::Command command = std::move(submission_->command);
  const std::optional<core::Reply> reply =
      co_await call_engine(worker_, shared_.services.engine, std::move(command));
  if (reply) {
    const MaybeProblem problem = store_problem(*reply);
    respond(problem ? to_response(*problem) : submission_->answer(*reply));
  } else {
    respond(to_response(
        {Code::overloaded, "too many commands wait; nothing was done, try again in a moment", ""}));
  }
  submission_.reset();
}

// --- The end -------------------------------------------------------------------------------------

net::Awaitable<void> Connection::finish() {
  co_await flush();
  if (linger_ && !broken_) co_await drain();
  net::error_code ignored;
  socket_.close(ignored);
}

// A socket that is closed with bytes unread resets the connection, and the client may lose the
// answer. So what it still sends is thrown away, for a while and up to a limit.
net::Awaitable<void> Connection::drain() {
  net::error_code error;
  socket_.shutdown(net::Socket::shutdown_send, error);
  const auto deadline = net::Clock::now() + shared_.timeouts.drain;
  std::size_t drained = 0;
  while (!error && drained < limits::kHttpDrainBytes) {
    const bool ready = co_await wait(net::Socket::wait_read, deadline);
    if (!ready) break;
    const auto buffer = worker_.receive_buffer();
    drained += socket_.read_some(net::asio::buffer(buffer.data(), buffer.size()), error);
    if (error == net::asio::error::would_block) error = {};
  }
}

}  // namespace drover::http
