// drover top
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/interrupts.h"
#include "cli/commands/node_view.h"
#include "cli/commands/screen.h"
#include "cli/commands/terminal.h"
#include "cli/commands/values.h"
#include "cli/text/width.h"
#include "common/duration.h"

namespace drover::cli {
namespace {

struct Seen {
  Document cluster;
  Document nodes;
};

Result<Seen> look(Session& session) {
  auto cluster = session.api().get_cluster();
  if (!cluster) return cluster.error();
  auto nodes = session.api().list_nodes();
  if (!nodes) return nodes.error();
  return Seen{*std::move(cluster), *std::move(nodes)};
}

std::string headline(const boost::json::object& cluster, std::size_t columns,
                     const Palette& palette) {
  const std::string state = text_of(cluster, "state");
  const std::int64_t alive = number_of(cluster, "live_instances");
  const std::string counts = std::to_string(number_of(cluster, "online_nodes")) + " of " +
                             std::to_string(number_of(cluster, "nodes")) + " nodes online, " +
                             std::to_string(alive) + (alive == 1 ? " instance" : " instances") +
                             " alive";
  const std::string plain = cut(state + "  " + counts, columns);
  if (plain.size() <= state.size()) return plain + "\n";
  return palette.paint(state, colour_of_state(state)) + plain.substr(state.size()) + "\n";
}

std::string picture_of(const Seen& seen, const std::string& problem, const Palette& palette) {
  const std::size_t columns = terminal_size(STDOUT_FILENO).columns;
  const std::string note = problem.empty() ? "q ends this" : problem + "; trying again";
  return headline(seen.cluster.value, columns, palette) +
         palette.paint(cut(printable(note), columns), problem.empty() ? Colour::dim : Colour::red) +
         "\n\n" + node_table(seen.nodes.value, Session::now()).text(columns, palette);
}

// Whether a key or a signal asks for the end.
bool is_to_end(Interrupts& interrupts) {
  if (interrupts.take() != Interrupt::none) return true;
  while (const auto key = Screen::take_key()) {
    if (*key == 'q' || *key == 'Q') return true;
  }
  return false;
}

int watch(Session& session, const std::string& interval) {
  if (!is_terminal(STDIN_FILENO) || !is_terminal(STDOUT_FILENO)) {
    Session::complain("top needs a terminal; drover nodes prints the same once");
    return kUsage;
  }
  Interrupts interrupts;
  auto seen = look(session);
  if (!seen) return Session::fail(seen.error());
  interrupts.end_calls_of(session.connection());
  const auto pause = *parse_duration(interval);
  std::string problem;
  const Screen screen;
  for (;;) {
    Screen::draw(picture_of(*seen, problem, session.palette()));
    interrupts.sleep(pause, STDIN_FILENO);
    if (is_to_end(interrupts)) return kSuccess;
    auto now = look(session);
    problem = now ? "" : now.error().message;
    if (now) seen = *std::move(now);
  }
}

}  // namespace

void add_top(CLI::App& app, Commands& commands) {
  const auto interval = std::make_shared<std::string>("2s");
  commands
      .add(app, "top", "Watch the nodes and their load until q is pressed",
           {{"drover top", "drawn again every two seconds"},
            {"drover top --interval 500ms", "more often"}},
           [interval](Session& session) { return watch(session, *interval); })
      .add_option("--interval", *interval, "The pause between two looks")
      ->check(check_duration)
      ->type_name("DURATION")
      ->capture_default_str();
}

}  // namespace drover::cli
