// drover deploy
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/deployment.h"
#include "cli/commands/explanation_view.h"
#include "cli/commands/instance_state.h"
#include "cli/commands/terminal.h"
#include "cli/commands/values.h"
#include "cli/commands/waiting.h"

namespace drover::cli {
namespace {

struct Options {
  Deployment deployment;
  WaitOptions waiting;
  bool dry_run = false;
};

// Services go on until they are stopped; of the others, the end is what is waited for.
Result<bool> is_kept_running(Session& session, const std::string& template_name) {
  const auto found = session.api().get_template(template_name);
  if (!found) return found.error();
  const std::string kind = text_of(object_of(found->value, "template"), "kind");
  return kind == "service" || kind == "system";
}

int report(Session& session, const Document& instance) {
  if (session.json()) session.print(instance);
  const std::string state = text_of(instance.value, "state");
  if (!is_over(state) || state == "completed") return kSuccess;
  const std::string cause = text_of(instance.value, "cause");
  Session::complain("the instance has ended: " + state + (cause.empty() ? "" : ": " + cause));
  return kEndedBadly;
}

int wait_for(Session& session, const Deployed& deployed, std::chrono::milliseconds timeout) {
  const auto kept_running = is_kept_running(session, deployed.template_name);
  if (!kept_running) return Session::fail(kept_running.error());
  Interrupts interrupts;
  interrupts.end_calls_of(session.connection());
  Wait wait = instance_wait(session, deployed.id, *kept_running ? Goal::running : Goal::over);
  wait.reached = [&](const boost::json::object& instance) {
    const std::string state = text_of(instance, "state");
    return is_over(state) || (*kept_running && state == "running");
  };
  wait.timeout = timeout;
  const auto waited = wait_until(session, interrupts, wait);
  const auto code = given_up(session, waited, "the instance goes on: drover stop " + deployed.id);
  return code ? *code : report(session, waited->last);
}

// Where its copies would go now. That some would have to wait is no success.
int try_out(Session& session, const Deployment& deployment) {
  const auto plan =
      session.api().plan(deployment.template_name, parameters_of(deployment.parameters));
  if (!plan) return Session::fail(plan.error());
  if (session.json()) {
    session.print(*plan);
  } else {
    session.print(plan_text(plan->value, terminal_size(STDOUT_FILENO).columns, session.palette()));
  }
  const std::size_t waiting = count_waiting(plan->value);
  if (waiting == 0) return kSuccess;
  Session::complain(std::to_string(waiting) + (waiting == 1 ? " copy" : " copies") +
                    " would have to wait for a node");
  return kConflict;
}

int run(Session& session, const Options& options) {
  if (options.dry_run) return try_out(session, options.deployment);
  const auto deployed = deploy(session, nullptr, options.deployment);
  if (!deployed) return Session::fail(deployed.error());
  // With --wait, the one document that is printed as JSON is the instance.
  if (!session.json()) session.print(deployed->id + "\n");
  if (session.json() && !options.waiting.wait) session.print(deployed->answer);
  return options.waiting.wait ? wait_for(session, *deployed, options.waiting.limit()) : kSuccess;
}

}  // namespace

void add_deploy(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      commands.add(app, "deploy", "Deploy a template as a new instance, and print its id",
                   {{"drover deploy hello", "one new instance of the template's newest version"},
                    {"drover deploy -f job.yaml -p lines=20",
                     "create or change the template first; with a value for a parameter"},
                    {"drover deploy nightly --dry-run",
                     "where it would go, or what it would wait for; nothing is deployed"},
                    {"drover deploy nightly --wait --timeout 10m",
                     "until it has ended, or a service runs, for ten minutes at the most"}},
                   [options](Session& session) { return run(session, *options); });
  add_deployment(command, options->deployment);
  add_wait(command, options->waiting, "Wait until it has ended; of a service, until it runs");
  command
      .add_flag("--dry-run", options->dry_run,
                "Only say where its copies would go now; of a template that there is already")
      ->excludes("--file")
      ->excludes("--wait");
}

}  // namespace drover::cli
