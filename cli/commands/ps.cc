// drover ps
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/instance_table.h"
#include "cli/commands/values.h"

namespace drover::cli {
namespace {

constexpr std::uint32_t kMost = 100;

struct Options {
  InstanceFilter filter;
  bool all = false;
  std::optional<std::uint32_t> most;  // 0: no limit
};

int list(Session& session, const Options& options) {
  const Instant now = Session::now();
  InstanceFilter filter = options.filter;
  if (filter.states.empty() && !options.all) filter.states = kStatesAlive;
  filter.since = api_time(filter.since, now);
  filter.until = api_time(filter.until, now);
  const auto instances = session.api().list_instances(filter, options.most.value_or(kMost));
  if (!instances) return Session::fail(instances.error());
  if (session.json()) {
    session.print(*instances);
    return kSuccess;
  }
  session.print(instance_table(instances->value, now));
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
