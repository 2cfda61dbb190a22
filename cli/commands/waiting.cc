#include "cli/commands/waiting.h"

#include <utility>

#include "cli/commands/instance_state.h"
#include "cli/text/times.h"

namespace drover::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kLookInterval = 200ms;

milliseconds since(Clock::time_point begin) {
  return std::chrono::duration_cast<milliseconds>(Clock::now() - begin);
}

bool is_of_a_master_away(const Error& error) {
  return error.kind == ErrorKind::io || error.kind == ErrorKind::unavailable;
}

// With whole seconds.
std::string elapsed_text(milliseconds elapsed) {
  return duration_text(std::chrono::duration_cast<std::chrono::seconds>(elapsed));
}

}  // namespace

Result<Waited> wait_until(Session& session, Interrupts& interrupts, const Wait& wait) {
  Progress progress;
  const auto begin = Clock::now();
  auto last_answer = begin;
  Waited waited;
  for (;;) {
    auto seen = wait.look();
    if (seen) {
      last_answer = Clock::now();
      waited.last = *std::move(seen);
      if (wait.reached(waited.last.value)) return waited;
      progress.show(wait.progress(waited.last.value) + "  " + elapsed_text(since(begin)));
    } else if (!session.connection().was_interrupted()) {
      const bool goes_on = is_of_a_master_away(seen.error()) && since(last_answer) < kMasterAway;
      if (!goes_on) return seen.error();
      progress.show(seen.error().message + "; trying again");
    }
    interrupts.sleep(kLookInterval);
    if (interrupts.take() != 0) {
      waited.end = Waited::End::interrupted;
      return waited;
    }
    if (wait.timeout > 0ms && since(begin) >= wait.timeout) {
      waited.end = Waited::End::timed_out;
      return waited;
    }
  }
}

std::string instance_progress(const boost::json::object& instance) {
  const std::string tasks = tasks_text(instance);
  const std::string cause = text_of(instance, "cause");
  std::string text = text_of(instance, "template") + " " + text_of(instance, "id") + " is " +
                     text_of(instance, "state");
  if (!tasks.empty()) text += ": " + tasks;
  if (!cause.empty()) text += "; " + cause;
  return text;
}

}  // namespace drover::cli
