// drover node show, drain, resume, rm
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/node_view.h"
#include "cli/commands/terminal.h"
#include "cli/commands/values.h"
#include "cli/commands/waiting.h"

namespace drover::cli {
namespace {

constexpr std::chrono::milliseconds kLookInterval{500};

struct Drain {
  std::string id;
  std::string deadline;
  WaitOptions waiting;
};

int show(Session& session, const std::string& id) {
  const auto node = session.api().get_node(id);
  if (!node) return Session::fail(node.error());
  if (session.json()) {
    session.print(*node);
  } else {
    session.print(node_text(node->value, terminal_size(STDOUT_FILENO).columns, Session::now(),
                            session.palette()));
  }
  return kSuccess;
}

std::string drain_state(const boost::json::object& node) {
  return text_of(object_of(node, "drain"), "state");
}

int wait_for(Session& session, const Drain& drain) {
  Interrupts interrupts;
  interrupts.end_calls_of(session.connection());
  Wait wait;
  // A node cannot be waited for.
  wait.pause = kLookInterval;
  wait.look = [&](const Document&, std::chrono::milliseconds) {
    return session.api().get_node(drain.id);
  };
  wait.reached = [](const boost::json::object& node) { return drain_state(node) != "draining"; };
  wait.progress = [](const boost::json::object& node) {
    return text_of(node, "ip") +
           " is draining: " + std::to_string(number_of(object_of(node, "drain"), "left")) + " left";
  };
  wait.timeout = drain.waiting.limit();
  const auto waited = wait_until(session, interrupts, wait);
  const auto code =
      given_up(session, waited, "the drain goes on, unless ended: drover node resume " + drain.id);
  if (code) return *code;
  if (session.json()) session.print(waited->last);
  if (drain_state(waited->last.value) == "drained") return kSuccess;
  Session::complain("the drain was ended by somebody");
  return kEndedBadly;
}

int start_drain(Session& session, const Drain& drain) {
  const auto answer = session.api().drain_node(drain.id, drain.deadline);
  if (!answer) return Session::fail(answer.error());
  if (drain.waiting.wait) return wait_for(session, drain);
  if (session.json()) session.print(*answer);
  return kSuccess;
}

int resume(Session& session, const std::string& id) {
  const auto answer = session.api().resume_node(id);
  if (!answer) return Session::fail(answer.error());
  if (session.json()) session.print(*answer);
  return kSuccess;
}

int remove(Session& session, const std::string& id) {
  const auto answer = session.api().remove_node(id);
  if (!answer) return Session::fail(answer.error());
  if (session.json()) session.print(*answer);
  return kSuccess;
}

void add_id(CLI::App& command, std::string& id) {
  command.add_option("node", id, "The node's id")->check(check_id)->type_name("NODE")->required();
}

}  // namespace

void add_node(CLI::App& app, Commands& commands) {
  CLI::App& node =
      Commands::add_group(app, "node", "Show a node, empty it, let it work again, or forget it");

  const auto shown = std::make_shared<std::string>();
  add_id(commands.add(node, "show", "Show a node, and what is placed there",
                      {{"drover node show 5e0c1f0e-9d3b-4f0a-8a52-6d1f7c2b9e10", "one node"}},
                      [shown](Session& session) { return show(session, *shown); }),
         *shown);

  const auto drain = std::make_shared<Drain>();
  CLI::App& drained = commands.add(
      node, "drain", "Place nothing new on a node, and empty it",
      {{"drover node drain 5e0c1f0e-9d3b-4f0a-8a52-6d1f7c2b9e10 --deadline 30m --wait",
        "services move at once, the rest may end within half an hour; returns when it is empty"}},
      [drain](Session& session) { return start_drain(session, *drain); });
  add_id(drained, drain->id);
  drained
      .add_option("--deadline", drain->deadline,
                  "How long what is no service may go on; an hour without")
      ->check(check_duration)
      ->type_name("DURATION");
  add_wait(drained, drain->waiting, "Wait until nothing is left there");

  const auto resumed = std::make_shared<std::string>();
  add_id(commands.add(
             node, "resume", "Let a node take work again",
             {{"drover node resume 5e0c1f0e-9d3b-4f0a-8a52-6d1f7c2b9e10", "the end of a drain"}},
             [resumed](Session& session) { return resume(session, *resumed); }),
         *resumed);

  const auto removed = std::make_shared<std::string>();
  add_id(commands.add(node, "rm", "Forget a node that is offline for good",
                      {{"drover node rm 5e0c1f0e-9d3b-4f0a-8a52-6d1f7c2b9e10",
                        "refused while it is online, or something is placed there"}},
                      [removed](Session& session) { return remove(session, *removed); }),
         *removed);
}

}  // namespace drover::cli
