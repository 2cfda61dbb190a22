// What a handler gives back.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "master/core/command.h"
#include "master/core/outcome.h"
#include "master/http/message.h"

namespace drover::http {

// A command for the engine, and how its reply becomes an answer. The handler itself submits nothing
// and waits for nothing. `answer` is called once, on the connection's thread, after the command's
// changes are durable; it holds whatever it needs by value.
struct Submission {
  core::Command command;
  std::function<Response(const core::Reply&)> answer;
};

// Says that it is worth looking again. Any thread, at any time, also when nobody waits any more.
using Wake = std::function<void()>;

// An answer that is given when something has come true. On the connection's thread, which destroys
// it with the wait or with the connection.
class Awaited {
 public:
  virtual ~Awaited() = default;

  // How long the client wants to wait; later than that by the period in which deadlines are looked
  // at.
  virtual std::chrono::milliseconds timeout() const = 0;
  // Called once, before the first look.
  virtual void begin(Wake wake) = 0;
  // Nothing: not yet. The last look, at the end of the time or of the server, has an answer.
  enum class Look { early, last };
  virtual std::optional<Response> look(Look look) = 0;
};

// An answer that is given piece by piece. On the connection's thread, which destroys it with the
// connection at the latest. It is asked for the next piece when the client has taken the one
// before, so that a slow client holds up nothing but itself.
class Source {
 public:
  virtual ~Source() = default;

  // Called once, before the first read.
  virtual void begin(Wake wake) = 0;
  // Appends what there is, up to about limits::kStreamPieceBytes.
  enum class State {
    more,  // and perhaps there is more
    idle,  // there will be, and `wake` says when
    over,
  };
  virtual State read(std::string& out) = 0;
  // While it is idle: when to read again, whether there was a wake or not. A little later than that
  // is good enough.
  virtual std::chrono::steady_clock::time_point look_again() const {
    return std::chrono::steady_clock::time_point::max();
  }
  // Appends what a client takes for nothing: the stream is idle, and whether anybody is still there
  // shows only when something is sent.
  virtual void keep_alive(std::string& out) = 0;
  // Appends the last words to a stream that is not over; empty where the format has none.
  virtual void end_early(std::string_view reason, std::string& out) = 0;
};

struct Stream {
  std::string_view content_type;  // a literal
  std::unique_ptr<Source> source;
};

using Answer = std::variant<Response, Submission, std::unique_ptr<Awaited>, Stream>;

}  // namespace drover::http
