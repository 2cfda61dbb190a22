// One client's connection: requests are read, answered in order, and the answers of requests that
// came together are sent together.
//
// While it waits for its next request it holds no buffer. It never waits for anything but its own
// socket and the engine; both are bounded, the socket by the deadline that its worker looks after.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "master/http/answer.h"
#include "master/http/input_buffer.h"
#include "master/http/message.h"
#include "master/http/net.h"
#include "master/http/request_parser.h"
#include "master/http/routes.h"
#include "master/http/worker.h"

namespace drover::http {

// Everything on the worker's thread.
class Connection : public ConnectionHook {
 public:
  Connection(Worker& worker, net::Socket socket);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Until the client or the server ends it.
  net::Awaitable<void> serve();
  // Says that there are too many connections, whatever is asked.
  net::Awaitable<void> turn_away();

  // Ends the wait that is under way if it is over time.
  void check_deadline(net::Clock::time_point now);
  void end_if_idle();
  void end_listening();  // to a wait for news; what it waited for is answered as it is
  void cut();

 private:
  // What has to happen before the next request can go on.
  enum class Next { input, output, engine, news, stream, end };

  Next advance();
  std::optional<Next> answer();
  MaybeProblem judge_head();
  MaybeProblem judge_route(const Target& target);
  bool expects_continue() const;
  void respond(const Response& response);
  void end_request();
  void count(int status, bool at_once);
  Next refuse(const Problem& problem);
  bool keeps_alive() const;

  net::Awaitable<void> receive();
  net::Awaitable<void> flush();
  net::Awaitable<void> submit();
  void read_available();
  net::Awaitable<void> finish();
  net::Awaitable<void> drain();
  net::Awaitable<bool> wait(net::Socket::wait_type readiness, net::Clock::time_point deadline);
  void receive_timed_out();

  // later.cc
  net::Awaitable<void> await();
  net::Awaitable<void> stream();
  net::Awaitable<void> await_news(net::Clock::time_point deadline);
  void hear();
  void begin_stream();
  void append_piece(std::string_view piece);

  bool is_idle() const { return !parser_ && input_.empty() && out_.empty(); }

  Worker& worker_;
  const Shared& shared_;
  net::Socket socket_;

  // The request that is being read or answered.
  InputBuffer input_;
  Request request_;
  std::optional<RequestParser> parser_;  // absent: between two requests
  bool judged_ = false;                  // its head was looked at
  Routing routing_;
  net::Clock::time_point request_began_;
  net::Clock::time_point request_deadline_;  // of its head, then of its body
  // What the answer takes, at most one of them.
  std::optional<Submission> submission_;
  std::unique_ptr<Awaited> awaited_;
  std::optional<Stream> stream_;

  std::string out_;      // answers that are not sent
  bool open_ = true;     // more requests are taken
  bool broken_ = false;  // nothing can be sent any more
  bool linger_ = false;  // the client may still be sending what nobody will read

  // Of the wait for the socket that is under way.
  net::Clock::time_point deadline_ = net::Clock::time_point::max();
  bool timed_out_ = false;
  bool listens_ = false;   // and news end it
  bool has_news_ = false;  // that nobody has looked at
};

}  // namespace drover::http
