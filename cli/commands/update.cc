// drover update
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/values.h"
#include "cli/commands/waiting.h"

namespace drover::cli {
namespace {

struct Options {
  std::string id;
  std::uint32_t version = 0;  // 0: the newest
  WaitOptions waiting;
};

std::string rollout_state(const boost::json::object& instance) {
  return text_of(object_of(instance, "rollout"), "state");
}

// `before`: the rollout that there was, or an empty one.
int wait_for(Session& session, const Options& options, const boost::json::object& before) {
  Interrupts interrupts;
  interrupts.end_calls_of(session.connection());
  Wait wait = instance_wait(session, options.id, Goal::change);
  wait.reached = [](const boost::json::object& instance) {
    const std::string state = rollout_state(instance);
    return state != "updating" && state != "reverting";
  };
  wait.progress = [shown = wait.progress](const boost::json::object& instance) {
    return rollout_state(instance) + ": " + shown(instance);
  };
  wait.timeout = options.waiting.limit();
  const auto waited = wait_until(session, interrupts, wait);
  if (const auto code = given_up(session, waited, "the update goes on")) return *code;
  if (session.json()) session.print(waited->last);
  // There was nothing to be changed.
  if (object_of(waited->last.value, "rollout") == before) return kSuccess;
  const std::string state = rollout_state(waited->last.value);
  if (state.empty() || state == "updated") return kSuccess;
  Session::complain(state + ": " + text_of(object_of(waited->last.value, "rollout"), "reason"));
  return kEndedBadly;
}

int update(Session& session, const Options& options) {
  std::optional<std::uint32_t> version;
  if (options.version > 0) version = options.version;
  const auto before = session.api().get_instance(options.id);
  if (!before) return Session::fail(before.error());
  const auto answer = session.api().update_instance(options.id, version);
  if (!answer) return Session::fail(answer.error());
  if (options.waiting.wait) return wait_for(session, options, object_of(before->value, "rollout"));
  if (session.json()) session.print(*answer);
  return kSuccess;
}

}  // namespace

void add_update(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = commands.add(
      app, "update", "Give a service another version of its template, copy by copy",
      {{"drover update 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 --wait",
        "the newest version; returns when it has proved well, or was taken back"},
       {"drover update 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 --version 3", "go back to version 3"}},
      [options](Session& session) { return update(session, *options); });
  add_instance(command, options->id);
  command.add_option("--version", options->version, "Of the template; the newest without")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  add_wait(command, options->waiting, "Wait until it has come to an end");
}

}  // namespace drover::cli
