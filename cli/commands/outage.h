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
  // Both must outlive it.
  Outage(Connection& connection, Interrupts& interrupts)
      : connection_(connection), interrupts_(interrupts) {}

  // What a call ended with. After a pause: whether to try again. Not where the error is of what was
  // asked, nor where the server was never reached, nor after `kMasterAway`, nor where there was an
  // interrupt, which is to be taken.
  bool is_worth_another_try(const Error& error);
  // There was an answer.
  void is_over();

 private:
  using Clock = std::chrono::steady_clock;

  Connection& connection_;
  Interrupts& interrupts_;
  std::optional<Clock::time_point> since_;  // absent: there is none
  bool is_said_ = false;
};

}  // namespace drover::cli
