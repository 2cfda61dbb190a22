// drover signal, restart: what is asked of tasks that run
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/values.h"

namespace drover::cli {
namespace {

struct Options {
  std::string id;
  std::string signal;
  InstancePart part;
};

int report(Session& session, const Result<Document>& answer, const std::string& what) {
  if (!answer) return Session::fail(answer.error());
  if (session.json()) {
    session.print(*answer);
    return kSuccess;
  }
  const std::int64_t tasks = number_of(answer->value, "tasks");
  session.print(what + " " + std::to_string(tasks) + (tasks == 1 ? " task\n" : " tasks\n"));
  const std::int64_t unreachable = number_of(answer->value, "unreachable");
  if (unreachable > 0) {
    Session::complain(std::to_string(unreachable) + " of these on nodes that cannot be told now");
  }
  return kSuccess;
}

void add_part(CLI::App& command, InstancePart& part) {
  command
      .add_option("--group", part.group, "Of this group alone: its name, or its position from 0")
      ->type_name("GROUP");
  command.add_option("--index,--copy", part.index, "Of this copy of its group alone, from 0")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  command.add_option("--task", part.task, "This task alone")->type_name("TASK");
}

}  // namespace

void add_restart(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = commands.add(
      app, "restart",
      "End tasks that run, and begin them again where they are, whatever their template says",
      {{"drover restart 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60", "all tasks of the instance"},
       {"drover restart 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 --group web --index 1 --task server",
        "one task of one copy"}},
      [options](Session& session) {
        return report(session, session.api().restart_tasks(options->id, options->part), "restarts");
      });
  add_instance(command, options->id);
  add_part(command, options->part);
}

void add_signal(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = commands.add(
      app, "signal", "Send a signal to tasks that run",
      {{"drover signal 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 HUP",
        "to all tasks of the instance; many services read their settings again"},
       {"drover signal 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 USR1 --task server", "to one task"}},
      [options](Session& session) {
        return report(
            session,
            session.api().signal_tasks(options->id, signal_name(options->signal), options->part),
            "sent to");
      });
  add_instance(command, options->id);
  command.add_option("signal", options->signal, "HUP, SIGHUP or 1, for example")
      ->check(check_signal)
      ->type_name("SIGNAL")
      ->required();
  add_part(command, options->part);
}

}  // namespace drover::cli
