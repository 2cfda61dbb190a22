// drover run
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/deployment.h"
#include "cli/commands/instance_state.h"
#include "cli/commands/values.h"
#include "cli/commands/waiting.h"
#include "common/duration.h"

namespace drover::cli {
namespace {

using namespace std::chrono_literals;

struct Options {
  Deployment deployment;
  WaitOptions waiting;
};

// The codes of its own must not be taken for those of a task.
int fail(const Error& error) {
  Session::fail(error);
  return kRunFailed;
}

Wait until_it_is_over(Session& session, const std::string& id) {
  Wait wait = instance_wait(session, id, Goal::over);
  wait.reached = [](const boost::json::object& instance) {
    return is_over(text_of(instance, "state"));
  };
  return wait;
}

int report_end(Session& session, const Document& instance) {
  if (session.json()) session.print(instance);
  const std::string cause = text_of(instance.value, "cause");
  if (!cause.empty()) Session::complain(text_of(instance.value, "state") + ": " + cause);
  return exit_code_of_tasks(instance.value);
}

// The first signal stops the instance and waits for its end; the second one only ends the wait.
int follow(Session& session, Interrupts& interrupts, const std::string& id,
           std::chrono::milliseconds timeout) {
  interrupts.end_calls_of(session.connection());
  Wait wait = until_it_is_over(session, id);
  wait.timeout = timeout;
  for (bool asked_to_stop = false;; asked_to_stop = true) {
    const auto waited = wait_until(session, interrupts, wait);
    if (!waited) return fail(waited.error());
    if (waited->end == Waited::End::reached) return report_end(session, waited->last);
    if (waited->end == Waited::End::timed_out) {
      Session::complain("the time is over; the instance goes on: drover stop " + id);
      return kRunTimedOut;
    }
    if (asked_to_stop) {
      Session::complain("no longer waiting; the instance " + id + " is being stopped");
      return kInterrupted;
    }
    Session::complain("stopping the instance; once more, and this is not waited for");
    const auto stopped = session.api().stop_instance(id);
    if (!stopped && !session.connection().was_interrupted()) return fail(stopped.error());
    wait.timeout = 0ms;
  }
}

int run(Session& session, const Options& options) {
  // From here on, so that no signal leaves an instance behind of which nobody has heard.
  Interrupts interrupts;
  const auto deployed = deploy(session, options.deployment);
  if (!deployed) return fail(deployed.error());
  return follow(session, interrupts, deployed->id, options.waiting.limit());
}

}  // namespace

void add_run(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = commands.add(
      app, "run", "Deploy a template, wait for its end, and end as its task did",
      {{"drover run hello", "ends with the exit code of hello's task; Ctrl-C stops the instance"},
       {"drover run -f job.yaml -p day=2025-03-09 --timeout 1h",
        "create or change the template first; after an hour, 124, and the instance goes on"}},
      [options](Session& session) { return run(session, *options); });
  add_deployment(command, options->deployment);
  add_timeout(command, options->waiting);
}

}  // namespace drover::cli
