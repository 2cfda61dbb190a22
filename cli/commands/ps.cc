// drover ps
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <memory>

#include "cli/commands/all.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

constexpr char kAlive[] = "pending,starting,running,degraded,stopping";

struct Options {
  InstanceFilter filter;
  bool all = false;
  std::uint32_t most = 100;
};

std::string nodes_text(const json::object& instance) {
  const json::array& nodes = array_of(instance, "nodes");
  if (nodes.size() > 1) return std::to_string(nodes.size()) + " nodes";
  return nodes.empty() || !nodes.front().is_string() ? "" : std::string(nodes.front().get_string());
}

int list(Session& session, const Options& options) {
  InstanceFilter filter = options.filter;
  if (filter.states.empty() && !options.all) filter.states = kAlive;
  const auto instances = session.api().list_instances(filter, options.most);
  if (!instances) return Session::fail(instances.error());
  if (session.json()) {
    session.print(*instances);
    return kSuccess;
  }
  const Instant now = Session::now();
  Table table({{"ID"},
               {"TEMPLATE", Fit::elastic},
               {"VERSION"},
               {"STATE"},
               {"SINCE"},
               {"AGE"},
               {"NODE", Fit::elastic}});
  for (const json::value& each : array_of(instances->value, "instances")) {
    if (!each.is_object()) continue;
    const json::object& one = each.get_object();
    const std::string state = text_of(one, "state");
    table.add({text_of(one, "id"),
               text_of(one, "template"),
               std::to_string(number_of(one, "version")),
               {state, colour_of_state(state)},
               age_text(text_of(one, "since"), now),
               age_text(text_of(one, "created"), now),
               nodes_text(one)});
  }
  session.print(table);
  return kSuccess;
}

}  // namespace

void add_ps(CLI::App& app, Commands& commands) {
  const auto options = std::make_shared<Options>();
  InstanceFilter& filter = options->filter;
  CLI::App& command = commands.add(
      app, "ps", "List instances, the newest first; without flags, those that have not ended",
      {{"drover ps", "what has not ended"},
       {"drover ps --all --template nightly --most 10", "the last ten of a template"},
       {"drover ps --state failed,lost --since 2025-03-09T00:00:00Z",
        "what went wrong since then"}},
      [options](Session& session) { return list(session, *options); });
  command.add_flag("-a,--all", options->all, "Also those that have ended");
  command.add_option("--state", filter.states, "In one of these states, with commas between")
      ->type_name("STATE");
  command.add_option("--template", filter.template_name, "Of this template")->type_name("TEMPLATE");
  command.add_option("--label", filter.label, "KEY=VALUE that its template has")
      ->type_name("KEY=VALUE");
  command.add_option("--node", filter.node, "With a copy on this node")->type_name("NODE");
  command.add_option("--since", filter.since, "Made at this time or later, as in RFC 3339")
      ->type_name("TIME");
  command.add_option("--until", filter.until, "Made before this time")->type_name("TIME");
  command.add_option("--most", options->most, "How many at the most")
      ->check(CLI::PositiveNumber)
      ->type_name("N")
      ->capture_default_str();
}

}  // namespace drover::cli
