// P7: what an agent and its supervisor cost that have nothing to do but to beat.
#include <chrono>
#include <string>

#include "tests/bench/support/cpu_time.h"
#include "tests/bench/support/local_cluster.h"
#include "tests/bench/support/memory.h"
#include "tests/bench/support/program.h"
#include "tests/bench/support/report.h"

namespace drover::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto kSettle = 15s;  // connections are made, first heartbeats sent
constexpr double kMiB = 1024 * 1024;
constexpr char kLargestLibrary[] = "libgrpc";  // secure or not
constexpr auto kPatience = 1min;               // with others that map it

struct Node {
  Memory agent;
  Memory supervisor;

  double proportional() const { return agent.proportional + supervisor.proportional; }
};

Node memory_of_node(LocalCluster& cluster) {
  return {memory_of(cluster.agent()), memory_of(cluster.supervisor())};
}

boost::json::object details_of(const Memory& memory) {
  return {{"proportional_mib", memory.proportional / kMiB},
          {"anonymous_mib", memory.anonymous / kMiB},
          {"resident_mib", memory.resident / kMiB}};
}

std::size_t strangers(LocalCluster& cluster) {
  return others_that_map(kLargestLibrary,
                         {cluster.master(), cluster.agent(), cluster.supervisor()});
}

void await_no_strangers(LocalCluster& cluster) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (strangers(cluster) > 0 && std::chrono::steady_clock::now() < until) let_pass(100ms);
}

Figure cpu_figure(const Costs& costs, double seconds) {
  Figure figure;
  figure.id = "P7.cpu";
  figure.what = "CPU time of an idle agent and its supervisor";
  figure.unit = "% of a core";
  figure.figure = 100 * (costs.agent + costs.supervisor) / seconds;
  figure.target = {Aim::at_most, 0.1};
  figure.conditions = {{"processes", "real"}, {"nodes", 1}, {"seconds", seconds}};
  figure.details = {{"agent", 100 * costs.agent / seconds},
                    {"supervisor", 100 * costs.supervisor / seconds},
                    {"master", 100 * costs.master / seconds},
                    {"machine", 100 * costs.machine / seconds}};
  return figure;
}

// `others`: that mapped the same libraries meanwhile.
Figure memory_figure(const Node& alone, const Node& beside_master, std::size_t others) {
  Figure figure;
  figure.id = "P7.memory";
  figure.what = "proportional memory of an idle agent and its supervisor, without a master there";
  figure.unit = "MiB";
  figure.figure = alone.proportional() / kMiB;
  figure.target = {Aim::at_most, 15};
  figure.conditions = {{"processes", "real"}, {"nodes", 1}};
  figure.details = {
      {"agent", details_of(alone.agent)},
      {"supervisor", details_of(alone.supervisor)},
      {"beside a master, whose libraries they share", beside_master.proportional() / kMiB},
      {"strangers that map its largest library", others}};
  return figure;
}

void measure(const Options& options, Report& report) {
  LocalCluster cluster;
  if (!options.smoke) let_pass(kSettle);
  const auto begin = std::chrono::steady_clock::now();
  const Costs before = cluster.costs();
  let_pass(options.turn);
  const Costs costs = cluster.costs() - before;
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  if (!options.smoke) await_no_strangers(cluster);
  const std::size_t others = strangers(cluster);
  const Node beside_master = memory_of_node(cluster);
  // What is mapped by the master as well would be halved by it. Few nodes have one.
  cluster.programs().master().kill();
  const Node alone = memory_of_node(cluster);
  report.add(memory_figure(alone, beside_master, others));
  report.add(cpu_figure(costs, seconds));
}

}  // namespace
}  // namespace drover::bench

int main(int argc, char** argv) {
  using namespace drover::bench;
  Options defaults;
  defaults.turn = std::chrono::minutes(1);
  defaults.turns = 1;
  return run(argc, argv, {"What an idle node costs.", measure, {}, defaults});
}
