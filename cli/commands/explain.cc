// drover explain
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/explanation_view.h"
#include "cli/commands/values.h"
#include "cli/text/width.h"

namespace drover::cli {
namespace {

int explain(Session& session, const std::string& id) {
  const auto answer = session.api().explain_instance(id);
  if (!answer) return Session::fail(answer.error());
  if (session.json()) {
    session.print(*answer);
    return kSuccess;
  }
  const std::string text = waiting_text(answer->value, session.palette());
  const std::string state = printable(text_of(answer->value, "state"));
  session.print(text.empty() ? "nothing of it waits for a node; it is " + state + "\n" : text);
  return kSuccess;
}

}  // namespace

void add_explain(CLI::App& app, Commands& commands) {
  const auto id = std::make_shared<std::string>();
  CLI::App& command =
      commands.add(app, "explain", "Say why an instance waits for nodes, and what would help",
                   {{"drover explain 01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60",
                     "what rules out how many nodes, and which one comes nearest"}},
                   [id](Session& session) { return explain(session, *id); });
  add_instance(command, *id);
}

}  // namespace drover::cli
