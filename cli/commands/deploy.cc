// drover deploy
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

struct Options {
  Deployment deployment;
  bool wait = false;
  std::string timeout;
};

// Services go on until they are stopped; of the others, the end is what is waited for.
Result<bool> is_kept_running(Session& session, const std::string& template_name) {
  const auto found = session.api().get_template(template_name);
  if (!found) return found.error();
  const std::string kind = text_of(object_of(found->value, "template"), "kind");
  return kind == "service" || kind == "system";
}

int report(Session& session, const Waited& waited, const std::string& id) {
  if (waited.end == Waited::End::interrupted) {
    Session::complain("no longer waiting; the instance goes on: drover stop " + id);
    return kInterrupted;
  }
  // Empty where the master has not answered once.
  if (session.json() && !waited.last.text.empty()) session.print(waited.last);
  const std::string state = text_of(waited.last.value, "state");
  if (waited.end == Waited::End::timed_out) {
    Session::complain("the time is over; the instance goes on, and is " + state);
    return kTimedOut;
  }
  if (!is_over(state) || state == "completed") return kSuccess;
  const std::string cause = text_of(waited.last.value, "cause");
  Session::complain("the instance has ended: " + state + (cause.empty() ? "" : ": " + cause));
  return kEndedBadly;
}

int wait_for(Session& session, const Deployed& deployed, const Options& options) {
  const auto kept_running = is_kept_running(session, deployed.template_name);
  if (!kept_running) return Session::fail(kept_running.error());
  Interrupts interrupts;
  interrupts.end_calls_of(session.connection());
  Wait wait;
  wait.look = [&] { return session.api().get_instance(deployed.id); };
  wait.reached = [&](const boost::json::object& instance) {
    const std::string state = text_of(instance, "state");
    return is_over(state) || (*kept_running && state == "running");
  };
  wait.progress = instance_progress;
  if (!options.timeout.empty()) wait.timeout = *parse_duration(options.timeout);
  const auto waited = wait_until(session, interrupts, wait);
  if (!waited) return Session::fail(waited.error());
  return report(session, *waited, deployed.id);
}

int run(Session& session, const Options& options) {
  const auto deployed = deploy(session, options.deployment);
  if (!deployed) return Session::fail(deployed.error());
  // With --wait, the one document that is printed as JSON is the instance.
  if (!session.json()) session.print(deployed->id + "\n");
  if (session.json() && !options.wait) session.print(deployed->answer);
  return options.wait ? wait_for(session, *deployed, options) : kSuccess;
}

}  // namespace

void add_deploy(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      commands.add(app, "deploy", "Deploy a template as a new instance, and print its id",
                   {{"drover deploy hello", "one new instance of the template's newest version"},
                    {"drover deploy -f job.yaml -p lines=20",
                     "create or change the template first; with a value for a parameter"},
                    {"drover deploy nightly --wait --timeout 10m",
                     "until it has ended, or a service runs, for ten minutes at the most"}},
                   [options](Session& session) { return run(session, *options); });
  add_deployment(command, options->deployment);
  command.add_flag("--wait", options->wait, "Wait until it has ended; of a service, until it runs");
  command.add_option("--timeout", options->timeout, "Wait no longer than this")
      ->check(check_duration)
      ->type_name("DURATION");
}

}  // namespace drover::cli
