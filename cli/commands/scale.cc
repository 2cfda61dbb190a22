// drover scale
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/instance_state.h"
#include "cli/commands/values.h"
#include "cli/commands/waiting.h"

namespace drover::cli {
namespace {

struct Options {
  std::string id;
  std::string group;
  std::uint32_t count = 0;
  WaitOptions waiting;
};

bool is_of_group(const boost::json::object& copy, const std::string& group) {
  return text_of(copy, "name") == group || std::to_string(number_of(copy, "group")) == group;
}

// As many copies as are wanted, all of them running, and none that is on its way out.
bool has_copies(const boost::json::object& instance, const Options& options) {
  std::size_t copies = 0;
  for (const auto& each : array_of(instance, "groups")) {
    if (!each.is_object() || !is_of_group(each.get_object(), options.group)) continue;
    const boost::json::object& copy = each.get_object();
    const std::string state = text_of(copy, "state");
    if (flag_of(copy, "asked_to_end") && is_over(state)) continue;
    if (state != "running" || flag_of(copy, "asked_to_end")) return false;
    ++copies;
  }
  return copies == options.count;
}

int wait_for(Session& session, const Options& options) {
  Interrupts interrupts;
  interrupts.end_calls_of(session.connection());
  Wait wait = instance_wait(session, options.id, Goal::change);
  wait.reached = [&](const boost::json::object& instance) {
    return is_over(text_of(instance, "state")) || has_copies(instance, options);
  };
  wait.timeout = options.waiting.limit();
  const auto waited = wait_until(session, interrupts, wait);
  if (const auto code = given_up(session, waited, "the scaling goes on")) return *code;
  if (session.json()) session.print(waited->last);
  const std::string state = text_of(waited->last.value, "state");
  if (!is_over(state)) return kSuccess;
  Session::complain("the instance has ended: " + state);
  return kEndedBadly;
}

int scale(Session& session, const Options& options) {
  const auto answer = session.api().scale_instance(options.id, options.group, options.count);
  if (!answer) return Session::fail(answer.error());
  if (options.waiting.wait) return wait_for(session, options);
  if (session.json()) session.print(*answer);
  return kSuccess;
}

}  // namespace

void add_scale(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = commands.add(
      app, "scale", "Give a service more copies of a group, or fewer",
      {{"drover scale 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 web 5", "five copies of group web"},
       {"drover scale 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 web 5 --wait --timeout 2m",
        "returns when there are five, and all of them run"}},
      [options](Session& session) { return scale(session, *options); });
  add_instance(command, options->id);
  command
      .add_option("group", options->group,
                  "The group's name, or its position from 0 where it has none")
      ->type_name("GROUP")
      ->required();
  command.add_option("count", options->count, "How many copies are wanted")
      ->type_name("N")
      ->required();
  add_wait(command, options->waiting, "Wait until it has so many, and all of them run");
}

}  // namespace drover::cli
