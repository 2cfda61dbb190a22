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
};

void measure(const Options& options, const Load& load, Report& report) {
  LocalCluster cluster;
  DeployLoad deploys(cluster, load.clients, load.in_flight);
  deploys.run(options.turn / 5);  // warms up
  std::vector<double> rates;
  std::vector<double> reference_rates;
  std::vector<double> reference_cpu;
  std::uint64_t tasks = 0;
  Costs costs;
  for (int i = 0; i < options.turns; ++i) {
    const Turn turn = deploys.run(options.turn);
    rates.push_back(turn.tasks_per_second);
    tasks += turn.tasks;
    costs += turn.costs;
    const SpawnTurn spawns = run_spawn_loop(options.turn, kSpawnsInFlight);
    reference_rates.push_back(spawns.tasks_per_second);
    reference_cpu.push_back(spawns.cpu_each);
  }
  Figure figure;
  figure.id = "P1";
  figure.what = "/bin/true from HTTP deploy to its durable end, through real programs";
  figure.unit = "tasks/s";
  figure.figure = median(rates);
  figure.reference = Reference{"posix_spawn and wait of /bin/true in a loop, 8 in flight",
                               median(reference_rates)};
  figure.target = kTarget;
  figure.conditions = cluster.conditions();
  figure.conditions["clients"] = load.clients;
  figure.conditions["tasks in flight"] = load.in_flight;
  figure.conditions["turns"] = options.turns;
  figure.conditions["turn ms"] = options.turn.count();
  figure.details["tasks"] = tasks;
  figure.details["CPU us each"] = costs.each(static_cast<double>(tasks));
  figure.details["CPU us each, reference"] = median(reference_cpu);
  figure.details["CPU of the reference over Drover's"] =
      median(reference_cpu) * static_cast<double>(tasks) / (costs.ours() * 1e6);
  report.add(std::move(figure));
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
  };
  program.measure = [&load](const Options& options, Report& report) {
    measure(options, load, report);
  };
  return run(argc, argv, program);
}
