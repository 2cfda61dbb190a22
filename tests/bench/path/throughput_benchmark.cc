// P1: tasks a second from the request to their recorded end.
#include "tests/bench/path/throughput.h"
#include "tests/bench/support/program.h"

namespace drover::bench {
namespace {

constexpr Target kTarget{Aim::at_least, 0.70};
constexpr int kSpawnsInFlight = 8;

struct Load {
  std::size_t clients = 32;
  std::size_t in_flight = 32;
  std::size_t deep = 512;
  std::string state_dir;
};

struct Spawns {
  std::vector<double> rates;
  std::vector<double> cpu;
};

Figure figure_of(const Turns& turns, const Spawns& spawns) {
  Figure figure;
  figure.unit = "tasks/s";
  figure.figure = median(turns.rates);
  figure.reference =
      Reference{"posix_spawn and wait of /bin/true in a loop, 8 in flight", median(spawns.rates)};
  figure.details = turns.details();
  figure.details["CPU us each, reference"] = median(spawns.cpu);
  figure.details["CPU of the reference over Drover's"] =
      median(spawns.cpu) * turns.tasks / (turns.costs.ours() * 1e6);
  return figure;
}

void measure(const Options& options, const Load& load, Report& report) {
  LocalCluster cluster({.state_dir = load.state_dir});
  DeployLoad deploys(cluster, load.clients);
  deploys.run(options.turn / 5, load.in_flight);  // warms up
  Turns turns;
  Turns deep;
  Spawns spawns;
  for (int i = 0; i < options.turns; ++i) {
    turns.add(deploys.run(options.turn, load.in_flight));
    const SpawnTurn spawned = run_spawn_loop(options.turn, kSpawnsInFlight);
    spawns.rates.push_back(spawned.tasks_per_second);
    spawns.cpu.push_back(spawned.cpu_each);
    deep.add(deploys.run(options.turn, load.deep));
  }
  boost::json::object conditions = cluster.conditions();
  conditions["clients"] = load.clients;
  conditions["turns"] = options.turns;
  conditions["turn ms"] = options.turn.count();

  Figure first = figure_of(turns, spawns);
  first.id = "P1";
  first.what = "/bin/true from HTTP deploy to its durable end, through real programs";
  first.target = kTarget;
  first.conditions = conditions;
  first.conditions["tasks in flight"] = load.in_flight;
  report.add(std::move(first));
  Figure second = figure_of(deep, spawns);
  second.id = "P1.deep";
  second.what = "the same with many tasks for each client on their way";
  second.conditions = conditions;
  second.conditions["tasks in flight"] = load.deep;
  report.add(std::move(second));
}

}  // namespace
}  // namespace drover::bench

int main(int argc, char** argv) {
  using namespace drover::bench;
  Load load;
  Program program;
  program.description = "Tasks a second through the whole path (P1)";
  program.declare = [&load](CLI::App& app) {
    app.add_option("--clients", load.clients, "Keep-alive connections")->capture_default_str();
    app.add_option("--in-flight", load.in_flight, "Tasks deployed and not ended, at most")
        ->capture_default_str();
    app.add_option("--deep", load.deep, "The same for P1.deep")->capture_default_str();
    app.add_option("--agent-state", load.state_dir, "Directory of the agent; it stays");
  };
  program.measure = [&load](const Options& options, Report& report) {
    measure(options, load, report);
  };
  return run(argc, argv, program);
}
