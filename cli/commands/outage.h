// A master that is away for a while, or can do nothing now: it is asked again, and where that
// lasts, a person hears of it.
#pragma once

#include <chrono>
#include <optional>

#include "cli/client/connection.h"
#include "cli/commands/interrupts.h"
#include "common/result.h"

namespace drover::cli {

// So long it is asked again.
inline constexpr std::chrono::seconds kMasterAway{30};

// One thread.
class Outage {
 public:
  // Both must outlive it. Without interrupts, signals do what they do.
  Outage(Connection& connection, Interrupts* interrupts)
      : connection_(connection), interrupts_(interrupts) {}

  // What a call ended with. After a pause: whether to try again. Not where the error is of what was
  // asked, nor where the server was never reached, nor after `kMasterAway`, nor where there is an
  // interrupt to be taken.
  bool is_worth_another_try(const Error& error);
  // There was an answer.
  void is_over();

 private:
  using Clock = std::chrono::steady_clock;

  void sleep(std::chrono::milliseconds duration) const;

  Connection& connection_;
  Interrupts* const interrupts_;            // null: none
  std::optional<Clock::time_point> since_;  // absent: there is none
  bool is_said_ = false;
};

// Says the same again while no answer comes, or the master wants to hear it later: for what may be
// said twice. The error is the last one.
template <class Call>
auto persistently(Connection& connection, Interrupts* interrupts, const Call& call) {
  Outage outage(connection, interrupts);
  for (;;) {
    auto answer = call();
    if (answer) outage.is_over();
    if (answer) return answer;
    const bool asks_for_later = connection.retry_after().count() > 0;
    if (answer.error().kind != ErrorKind::io && !asks_for_later) return answer;
    if (!outage.is_worth_another_try(answer.error())) return answer;
  }
}

}  // namespace drover::cli
