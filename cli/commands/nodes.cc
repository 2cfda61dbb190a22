// drover nodes
#include <CLI/CLI.hpp>

#include "cli/commands/all.h"
#include "cli/commands/node_view.h"

namespace drover::cli {
namespace {

int list(Session& session) {
  const auto nodes = session.api().list_nodes();
  if (!nodes) return Session::fail(nodes.error());
  if (session.json()) {
    session.print(*nodes);
  } else {
    session.print(node_table(nodes->value, Session::now()));
  }
  return kSuccess;
}

}  // namespace

void add_nodes(CLI::App& app, Commands& commands) {
  commands.add(app, "nodes", "List the nodes, with their room and load",
               {{"drover nodes", "all nodes"},
                {"drover nodes --json | jq -r '.nodes[] | select(.online | not) | .ip'",
                 "the addresses of those that are offline"}},
               list);
}

}  // namespace drover::cli
