// drover ps
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/values.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

constexpr char kAlive[] = "pending,starting,running,degraded,stopping";

constexpr std::uint32_t kMost = 100;

struct Options {
  InstanceFilter filter;
  bool all = false;
  std::optional<std::uint32_t> most;  // 0: no limit
};

std::vector<Cell> row_of(const json::object& instance, Instant now) {
  // Of one whose record cannot be read, nothing but the id is known.
  const std::string state =
      flag_of(instance, "damaged") ? "damaged record" : text_of(instance, "state");
  const std::int64_t version = number_of(instance, "version");
  return {text_of(instance, "id"),
          text_of(instance, "template"),
          version == 0 ? "" : std::to_string(version),
          {state, colour_of_state(state)},
          age_text(text_of(instance, "since"), now),
          age_text(text_of(instance, "created"), now),
          pairs_text(object_of(instance, "labels"))};
}

int list(Session& session, const Options& options) {
  const Instant now = Session::now();
  InstanceFilter filter = options.filter;
  if (filter.states.empty() && !options.all) filter.states = kAlive;
  filter.since = api_time(filter.since, now);
  filter.until = api_time(filter.until, now);
  const auto instances = session.api().list_instances(filter, options.most.value_or(kMost));
  if (!instances) return Session::fail(instances.error());
  if (session.json()) {
    session.print(*instances);
    return kSuccess;
  }
  Table table({{"ID"},
               {"TEMPLATE", Fit::elastic},
               {"VERSION"},
               {"STATE"},
               {"SINCE"},
               {"AGE"},
               {"LABELS", Fit::elastic}});
  for (const json::value& each : array_of(instances->value, "instances")) {
    if (each.is_object()) table.add(row_of(each.get_object(), now));
  }
  session.print(table);
  if (!options.most && instances->value.contains("cursor")) {
    Session::complain("there are more than these: --most N shows N, --most 0 all");
  }
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
       {"drover ps --state failed,lost --since 24h",
        "what went wrong of what was begun since then"},
       {"drover ps --json | jq -r '.instances[].id'", "their ids alone"}},
      [options](Session& session) { return list(session, *options); });
  command.add_flag("-a,--all", options->all, "Also those that have ended");
  command.add_option("--state", filter.states, "In one of these states, with commas between")
      ->type_name("STATE");
  command.add_option("--template", filter.template_name, "Of this template")->type_name("TEMPLATE");
  command.add_option("--label", filter.label, "KEY=VALUE that its template has")
      ->type_name("KEY=VALUE");
  command.add_option("--node", filter.node, "With a copy on this node")->type_name("NODE");
  command
      .add_option("--since", filter.since,
                  "Made at this time, as in RFC 3339, or so long ago, or later")
      ->check(check_time)
      ->type_name("TIME|DURATION");
  command.add_option("--until", filter.until, "Made before this time, or longer ago")
      ->check(check_time)
      ->type_name("TIME|DURATION");
  command.add_option("--most", options->most, "How many at the most; 0: all; 100 without")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
}

}  // namespace drover::cli
