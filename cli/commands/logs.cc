// drover logs
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/values.h"

namespace drover::cli {
namespace {

int show(Session& session, const LogSelection& selection) {
  // As it comes: bytes of a task are its own matter.
  const auto done = session.api().read_logs(selection, session.json(), [&](std::string_view piece) {
    session.print(piece);
    return true;
  });
  return done ? static_cast<int>(kSuccess) : Session::fail(done.error());
}

}  // namespace

void add_logs(CLI::App& app, Commands& commands) {
  const auto selection = std::make_shared<LogSelection>();
  CLI::App& command = commands.add(
      app, "logs", "Print what the tasks of an instance have printed",
      {{"drover logs 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60",
        "of every task's latest attempt; of several, each line says whose it is"},
       {"drover logs 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 -f --tail 20",
        "the last twenty lines, and on until all have ended"},
       {"drover logs 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 --task clean --attempt 1 --stream stderr",
        "what one attempt complained of"}},
      [selection](Session& session) { return show(session, *selection); });
  add_instance(command, selection->instance);
  command.add_flag("-f,--follow", selection->follow, "Go on with what is printed from now on");
  command
      .add_option("--group", selection->group, "Of this group: its name, or its position from 0")
      ->type_name("GROUP");
  command.add_option("--copy", selection->index, "Of this copy of its group, from 0")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  command.add_option("--task", selection->task, "Of this task: its name, or its position from 0")
      ->type_name("TASK");
  command.add_option("--attempt", selection->attempt, "Of this attempt, or of all")
      ->type_name("N|all");
  command.add_option("--stream", selection->stream, "What is wanted; both without")
      ->type_name("stdout|stderr|both");
  command.add_option("--tail", selection->tail, "No more lines than this at the end of each")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  command
      .add_option("--since", selection->since,
                  "Without files that were last written to before this time, as in RFC 3339")
      ->type_name("TIME");
}

}  // namespace drover::cli
