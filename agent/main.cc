// drover-agent: runs what the master assigns to this node.
#include <CLI/CLI.hpp>
#include <csignal>
#include <thread>

#include "agent/agent.h"
#include "agent/options.h"
#include "common/log.h"
#include "common/service.h"

namespace {

constexpr char kProgram[] = "drover-agent";

int serve(drover::agent::Agent& agent) {
  drover::Status status = drover::Done{};
  std::thread loop([&agent, &status] {
    status = agent.run();
    // Ends the wait below; after stop() it changes nothing.
    ::kill(::getpid(), SIGTERM);
  });
  drover::wait_for_stop_signal([&agent] { agent.prove_liveness(); });
  drover::notify_stopping();
  agent.stop();
  loop.join();
  if (status) return 0;
  drover::log::error("stopped", {{"cause", status.error().message}});
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  drover::block_stop_signals();
  drover::agent::Options options;
  CLI::App app("Runs on every node: starts and stops the commands that the master assigns.",
               kProgram);
  drover::agent::add_flags(app, options);
  const drover::ParsedFlags flags = drover::parse_flags(app, argc, argv);
  if (!flags.go_on) return flags.exit_status;

  auto agent = drover::agent::Agent::open(options);
  if (!agent) return drover::fail(kProgram, agent.error().message);
  return serve(**agent);
}
