// drover status
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/instance_view.h"
#include "cli/commands/terminal.h"
#include "cli/commands/values.h"

namespace drover::cli {
namespace {

int show(Session& session, const std::string& id) {
  const auto instance = session.api().get_instance(id);
  if (!instance) return Session::fail(instance.error());
  if (session.json()) {
    session.print(*instance);
  } else {
    session.print(instance_text(instance->value, terminal_size(STDOUT_FILENO).columns,
                                Session::now(), session.palette()));
  }
  return kSuccess;
}

}  // namespace

void add_status(CLI::App& app, Commands& commands) {
  const auto id = std::make_shared<std::string>();
  CLI::App& command = commands.add(
      app, "status", "Show an instance with its copies and tasks, and why it is as it is",
      {{"drover status 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60", "state, cause, and every task"},
       {"drover status 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60 --json", "all that the master knows"}},
      [id](Session& session) { return show(session, *id); });
  add_instance(command, *id);
}

}  // namespace drover::cli
