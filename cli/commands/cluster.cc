// drover cluster show, resume
#include <CLI/CLI.hpp>

#include "cli/commands/all.h"
#include "cli/text/facts.h"

namespace drover::cli {
namespace {

int show(Session& session) {
  const auto cluster = session.api().get_cluster();
  if (!cluster) return Session::fail(cluster.error());
  if (session.json()) {
    session.print(*cluster);
    return kSuccess;
  }
  const auto& value = cluster->value;
  const std::string state = text_of(value, "state");
  Facts facts;
  facts.add("State", {state, colour_of_state(state)});
  facts.add("Reason", text_of(value, "reason"));
  facts.add("Since", time_text(text_of(value, "since"), Session::now()));
  facts.add("Nodes", std::to_string(number_of(value, "online_nodes")) + " of " +
                         std::to_string(number_of(value, "nodes")) + " online, " +
                         std::to_string(number_of(value, "silent_nodes")) + " silent");
  facts.add("Instances", std::to_string(number_of(value, "live_instances")) + " have not ended");
  session.print(facts.text(session.palette()));
  return kSuccess;
}

int resume(Session& session) {
  const auto answer = session.api().resume_cluster();
  if (!answer) return Session::fail(answer.error());
  if (session.json()) session.print(*answer);
  return kSuccess;
}

}  // namespace

void add_cluster(CLI::App& app, Commands& commands) {
  CLI::App& cluster =
      Commands::add_group(app, "cluster", "Whether the master trusts what it sees of its nodes");
  commands.add(cluster, "show", "Show how the cluster is as a whole",
               {{"drover cluster show", "normal, or suspended or read-only, and why"}}, show);
  commands.add(cluster, "resume", "Say that silent nodes are lost: what ran there is replaced",
               {{"drover cluster resume", "after many nodes were lost at once, for good"}}, resume);
}

}  // namespace drover::cli
