// drover logs
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <cstdio>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/log_follow.h"
#include "cli/commands/values.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

struct Options {
  LogSelection selection;
  bool follow = false;
};

bool is_named(const std::string& wanted, const json::object& object, std::int64_t position) {
  return wanted.empty() || wanted == text_of(object, "name") || wanted == std::to_string(position);
}

// How many tasks of the instance are meant.
std::size_t tasks_meant(const json::object& instance, const LogSelection& selection) {
  std::size_t count = 0;
  for (const json::value& each : array_of(instance, "groups")) {
    if (!each.is_object()) continue;
    const json::object& copy = each.get_object();
    if (!is_named(selection.group, copy, number_of(copy, "group"))) continue;
    if (!is_named(selection.index, {}, number_of(copy, "index"))) continue;
    std::int64_t position = 0;
    for (const json::value& task : array_of(copy, "tasks")) {
      if (task.is_object() && is_named(selection.task, task.get_object(), position++)) ++count;
    }
  }
  return count;
}

// Whether each line is to say whose it is: of one attempt alone, all are the same's.
Result<bool> wants_labels(Session& session, const LogSelection& selection) {
  if (selection.attempt.empty() || selection.attempt == "all") return true;
  const auto instance = session.api().get_instance(selection.instance);
  if (!instance) return instance.error();
  return tasks_meant(instance->value, selection) != 1;
}

int follow(Session& session, const LogSelection& selection) {
  const auto labels = wants_labels(session, selection);
  if (!labels) return Session::fail(labels.error());
  Interrupts interrupts;
  interrupts.end_calls_of(session.connection());
  LogFollower follower(session, interrupts, selection);
  const auto done = follower.run([&](const LogEntry& entry, std::string_view line) {
    const bool bare = !*labels && entry.kind == LogEntry::Kind::line;
    const std::string text = session.json() ? std::string(line) + "\n"
                             : bare         ? entry.text + "\n"
                                            : entry.labelled();
    std::fwrite(text.data(), 1, text.size(), stdout);
  });
  if (interrupts.take() != Interrupt::none) return kInterrupted;
  return done ? static_cast<int>(kSuccess) : Session::fail(done.error());
}

int show(Session& session, const Options& options) {
  LogSelection selection = options.selection;
  selection.since = api_time(selection.since, Session::now());
  if (options.follow) return follow(session, selection);
  // As it comes: bytes of a task are its own matter.
  const auto done = session.api().read_logs(selection, session.json(), [&](std::string_view piece) {
    session.print(piece);
    return true;
  });
  return done ? static_cast<int>(kSuccess) : Session::fail(done.error());
}

}  // namespace

void add_logs(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  LogSelection& selection = options->selection;
  CLI::App& command = commands.add(
      app, "logs", "Print what the tasks of an instance have printed",
      {{"drover logs 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60",
        "of every task's latest attempt; of several, each line says whose it is"},
       {"drover logs 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 -f --tail 20",
        "the last twenty lines, and on until all have ended"},
       {"drover logs 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 --task clean --attempt 1 --stream stderr",
        "what one attempt complained of"}},
      [options](Session& session) { return show(session, *options); });
  add_instance(command, selection.instance);
  command.add_flag(
      "-f,--follow", options->follow,
      "Go on with what is printed, until all has ended; a broken connection is made again");
  command.add_option("--group", selection.group, "Of this group: its name, or its position from 0")
      ->type_name("GROUP");
  command.add_option("--index,--copy", selection.index, "Of this copy of its group, from 0")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  command.add_option("--task", selection.task, "Of this task: its name, or its position from 0")
      ->type_name("TASK");
  command.add_option("--attempt", selection.attempt, "Of this attempt, or of all")
      ->type_name("N|all");
  command.add_option("--stream", selection.stream, "What is wanted; both without")
      ->check(check_one_of("stdout|stderr|both"))
      ->type_name("stdout|stderr|both");
  command.add_option("--tail", selection.tail, "No more lines than this at the end of each")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  command
      .add_option(
          "--since", selection.since,
          "Without files that were last written to before this time, as in RFC 3339, or longer "
          "ago than this")
      ->check(check_time)
      ->type_name("TIME|DURATION");
}

}  // namespace drover::cli
