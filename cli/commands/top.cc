// drover top
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/instance_table.h"
#include "cli/commands/interrupts.h"
#include "cli/commands/screen.h"
#include "cli/commands/terminal.h"
#include "cli/commands/top_view.h"
#include "cli/commands/values.h"
#include "common/duration.h"

namespace drover::cli {
namespace {

// What is counted, and what is shown, at the most.
constexpr std::size_t kCounted = 1000;
constexpr std::size_t kShown = 100;

Result<TopView> look(Api& api) {
  auto cluster = api.get_cluster();
  if (!cluster) return cluster.error();
  auto nodes = api.list_nodes();
  if (!nodes) return nodes.error();
  InstanceFilter alive;
  alive.states = kStatesAlive;
  auto counted = api.list_instances(alive, kCounted);
  if (!counted) return counted.error();
  auto newest = api.list_instances({}, kShown);
  if (!newest) return newest.error();
  return TopView{cluster->value, nodes->value, counted->value, newest->value, ""};
}

void draw(const TopView& view, const Palette& palette) {
  const TerminalSize size = terminal_size(STDOUT_FILENO);
  Screen::draw(top_picture(view, size.columns, size.rows, Session::now(), palette));
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
    Session::complain("top needs a terminal; drover nodes and drover ps print the same once");
    return kUsage;
  }
  Interrupts interrupts;
  auto seen = look(session.api());
  if (!seen) return Session::fail(seen.error());
  interrupts.end_calls_of(session.connection());
  const auto pause = *parse_duration(interval);
  TopView view = *std::move(seen);
  const Screen screen;
  for (;;) {
    draw(view, session.palette());
    interrupts.sleep(pause, STDIN_FILENO);
    if (is_to_end(interrupts)) return kSuccess;
    auto now = look(session.api());
    if (now) {
      view = *std::move(now);
    } else {
      view.problem = now.error().message;
    }
  }
}

}  // namespace

void add_top(CLI::App& app, Commands& commands) {
  const auto interval = std::make_shared<std::string>("2s");
  commands
      .add(app, "top", "Watch the nodes and the newest instances until q is pressed",
           {{"drover top", "drawn again every two seconds"},
            {"drover top --interval 500ms", "more often"}},
           [interval](Session& session) { return watch(session, *interval); })
      .add_option("--interval", *interval, "The pause between two looks")
      ->check(check_duration)
      ->type_name("DURATION")
      ->capture_default_str();
}

}  // namespace drover::cli
