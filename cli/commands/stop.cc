// drover stop
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/instance_state.h"
#include "cli/commands/values.h"
#include "cli/commands/waiting.h"

namespace drover::cli {
namespace {

struct Options {
  std::vector<std::string> ids;
  WaitOptions waiting;
};

int wait_for(Session& session, Interrupts& interrupts, const std::string& id,
             const Options& options) {
  Wait wait = instance_wait(session, id, Goal::over);
  wait.reached = [](const boost::json::object& instance) {
    return is_over(text_of(instance, "state"));
  };
  wait.timeout = options.waiting.limit();
  const auto waited = wait_until(session, interrupts, wait);
  if (const auto code = given_up(session, waited, "the instance " + id + " is being stopped")) {
    return *code;
  }
  if (session.json()) session.print(waited->last);
  return kSuccess;
}

// All of them are stopped, whatever becomes of the others; the first error decides the exit code.
int stop(Session& session, const Options& options) {
  int status = kSuccess;
  const auto note = [&status](int code) {
    if (status == kSuccess) status = code;
  };
  std::vector<std::string> stopping;
  for (const std::string& id : options.ids) {
    const auto stopped = session.api().stop_instance(id);
    if (!stopped) {
      note(Session::fail(stopped.error()));
      continue;
    }
    stopping.push_back(id);
    if (session.json() && !options.waiting.wait) session.print(*stopped);
  }
  if (!options.waiting.wait) return status;
  Interrupts interrupts;
  interrupts.end_calls_of(session.connection());
  for (const std::string& id : stopping) {
    const int code = wait_for(session, interrupts, id, options);
    note(code);
    if (code == kInterrupted) break;
  }
  return status;
}

}  // namespace

void add_stop(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = commands.add(
      app, "stop", "Stop instances: what they run is ended, and nothing of them is started again",
      {{"drover stop 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60", "returns when the wish is recorded"},
       {"drover stop 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 --wait",
        "returns when all its processes are gone"}},
      [options](Session& session) { return stop(session, *options); });
  command.add_option("instance", options->ids, "Ids of the instances")
      ->check(check_id)
      ->type_name("INSTANCE")
      ->required();
  add_wait(command, options->waiting,
           "Wait until they have ended; --timeout holds for each of them");
}

}  // namespace drover::cli
