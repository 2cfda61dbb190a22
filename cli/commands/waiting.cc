#include "cli/commands/waiting.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "cli/commands/instance_state.h"
#include "cli/commands/outage.h"
#include "cli/commands/values.h"
#include "cli/text/times.h"
#include "common/duration.h"

namespace drover::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// How long the master may take to say that there is no news. Where a line is shown, it goes on
// each second.
constexpr milliseconds kLongLook = 30s;
constexpr milliseconds kShownLook = 1s;

// With whole seconds.
std::string elapsed_text(Clock::time_point begin) {
  return duration_text(std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - begin));
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

// As the API wants to hear it.
std::string wait_word(Goal goal, const boost::json::object& last) {
  if (goal == Goal::over) return "terminal";
  const std::string state = text_of(last, "state");
  const bool begins = state == "pending" || state == "starting";
  if (goal == Goal::running && begins) return "running";
  return std::to_string(number_of(last, "index"));
}

// What was seen may be as old as a look is long.
void look_for_the_last_time(const Wait& wait, Waited& waited) {
  auto seen = wait.look({}, 0ms);
  if (seen) waited.last = *std::move(seen);
  const bool reached = seen && wait.reached(waited.last.value);
  waited.end = reached ? Waited::End::reached : Waited::End::timed_out;
}

}  // namespace

milliseconds WaitOptions::limit() const { return timeout.empty() ? 0ms : *parse_duration(timeout); }

void add_timeout(CLI::App& command, WaitOptions& options) {
  command.add_option("--timeout", options.timeout, "Wait no longer than this")
      ->check(check_duration)
      ->type_name("DURATION");
}

void add_wait(CLI::App& command, WaitOptions& options, const std::string& meaning) {
  CLI::Option* wait = command.add_flag("--wait", options.wait, meaning);
  add_timeout(command, options);
  command.get_option("--timeout")->needs(wait);
}

Wait instance_wait(Session& session, const std::string& id, Goal goal) {
  Wait wait;
  wait.look = [&session, id, goal](const Document& last, milliseconds time) {
    if (last.text.empty()) return session.api().get_instance(id);
    return session.api().await_instance(id, wait_word(goal, last.value), time);
  };
  wait.progress = instance_progress;
  return wait;
}

Result<Waited> wait_until(Session& session, Interrupts& interrupts, const Wait& wait) {
  Progress progress;
  Outage outage(session.connection(), &interrupts);
  const auto begin = Clock::now();
  if (wait.timeout > 0ms) interrupts.end_after(wait.timeout);
  Waited waited;
  for (;;) {
    const bool is_first = waited.last.text.empty();
    auto seen = wait.look(waited.last, progress.is_shown() ? kShownLook : kLongLook);
    if (seen) {
      outage.is_over();
      waited.last = *std::move(seen);
      if (wait.reached(waited.last.value)) return waited;
      progress.show(wait.progress(waited.last.value) + "  " + elapsed_text(begin));
      if (!is_first) interrupts.sleep(wait.pause);
    } else if (!session.connection().was_interrupted()) {
      progress.clear();
      const bool again = outage.is_worth_another_try(seen.error());
      if (!again && !interrupts.is_pending()) return seen.error();
    }
    const Interrupt interrupt = interrupts.take();
    if (interrupt == Interrupt::signal) waited.end = Waited::End::interrupted;
    if (interrupt == Interrupt::time_over) look_for_the_last_time(wait, waited);
    if (interrupt != Interrupt::none) return waited;
  }
}

std::optional<int> given_up(Session& session, const Result<Waited>& waited,
                            const std::string& goes_on) {
  if (!waited) return Session::fail(waited.error());
  if (waited->end == Waited::End::reached) return std::nullopt;
  const bool interrupted = waited->end == Waited::End::interrupted;
  if (session.json() && !waited->last.text.empty()) session.print(waited->last);
  if (interrupted) {
    Session::complain("no longer waiting; " + goes_on);
    return kInterrupted;
  }
  const std::string state = text_of(waited->last.value, "state");
  const std::string is = state.empty() ? "" : " (it is " + state + ")";
  Session::complain("the time is over" + is + "; " + goes_on);
  return kTimedOut;
}

}  // namespace drover::cli
