// Waiting until something of an instance or a node has come about.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "cli/client/answers.h"
#include "cli/commands/interrupts.h"
#include "cli/commands/progress.h"
#include "cli/commands/session.h"
#include "common/result.h"

namespace CLI {
class App;
}

namespace drover::cli {

struct WaitOptions {
  bool wait = false;
  std::string timeout;  // a duration; empty: however long it takes

  std::chrono::milliseconds limit() const;  // 0: none
};

// The flags --wait, of which `meaning` says what for, and --timeout, which needs it.
void add_wait(CLI::App& command, WaitOptions& options, const std::string& meaning);
// Only --timeout, for a command that always waits.
void add_timeout(CLI::App& command, WaitOptions& options);

struct Wait {
  // Asks the master, which may take so long for its answer while there is no news. `last`: what
  // was seen before; an empty one, which is to be answered at once, at first.
  std::function<Result<Document>(const Document& last, std::chrono::milliseconds time)> look;
  std::function<bool(const boost::json::object&)> reached;          // whether it has come about
  std::function<std::string(const boost::json::object&)> progress;  // the line to be shown
  std::chrono::milliseconds pause{100};                             // between two looks
  std::chrono::milliseconds timeout{0};  // 0: until the one of `interrupts`
};

// What of an instance is worth an answer.
enum class Goal {
  over,     // it has ended
  running,  // it runs, or has ended
  change,   // anything
};
// A wait that looks at an instance; `reached` is to be added.
Wait instance_wait(Session& session, const std::string& id, Goal goal);

struct Waited {
  enum class End {
    reached,
    timed_out,
    interrupted,  // by a signal, which has been taken
  };
  End end = End::reached;
  Document last;  // what was seen last; empty where that is nothing
};

// Looks again and again. A master that is away is asked again (outage.h); any other error ends the
// wait.
Result<Waited> wait_until(Session& session, Interrupts& interrupts, const Wait& wait);

// For a wait that has not come to its end: says so, with what goes on, and returns the exit code.
// Nothing: it has.
std::optional<int> given_up(Session& session, const Result<Waited>& waited,
                            const std::string& goes_on);

}  // namespace drover::cli
