// P5: what a million instances that have ended cost those that are yet to come.
#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "tests/bench/history/fill.h"
#include "tests/bench/history/start_time.h"
#include "tests/bench/path/start_latency.h"
#include "tests/bench/path/throughput.h"
#include "tests/bench/support/latencies.h"
#include "tests/bench/support/program.h"

namespace drover::bench {
namespace {

constexpr Target kRateTarget{Aim::at_least, 0.95};
constexpr Target kLatencyTarget{Aim::at_most, 1 / 0.95};
constexpr Target kStartTarget{Aim::at_most, 3};
constexpr std::size_t kClients = 32;

struct Settings {
  std::uint64_t instances = 1'000'000;
  int samples = 1000;
  int pause_ms = 10;
};

void fill(const std::string& directory, std::uint64_t count) {
  auto store = store::open_rocksdb(directory);
  if (!store) throw std::runtime_error(store.error().message);
  fill_history(**store, count, count, throw_if_interrupted);
}

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

Figure starts(const Options& options, const std::string& directory) {
  std::vector<double> warm;
  std::vector<double> cold;
  for (int i = 0; i < options.turns; ++i) {
    warm.push_back(seconds(time_start(directory, Cache::warm)));
    cold.push_back(seconds(time_start(directory, Cache::cold)));
  }
  Figure figure;
  figure.id = "P5.start";
  figure.what = "start of the master after SIGKILL, its files not in memory, until it is ready";
  figure.unit = "s";
  figure.figure = median(cold);
  figure.target = kStartTarget;
  figure.details = {{"with its files in memory", median(warm)},
                    {"longest", *std::max_element(cold.begin(), cold.end())}};
  return figure;
}

Figure rates(const Options& options, LocalCluster& aged, LocalCluster& empty) {
  DeployLoad on_aged(aged, kClients);
  DeployLoad on_empty(empty, kClients);
  on_aged.run(options.turn / 5, kClients);  // warms up
  on_empty.run(options.turn / 5, kClients);
  Turns of_aged;
  Turns of_empty;
  for (int i = 0; i < options.turns; ++i) {
    of_aged.add(on_aged.run(options.turn, kClients));
    of_empty.add(on_empty.run(options.turn, kClients));
  }
  Figure figure;
  figure.id = "P5.P1";
  figure.what = "/bin/true through the whole path, with a full history";
  figure.unit = "tasks/s";
  figure.figure = median(of_aged.rates);
  figure.reference = Reference{"the same with an empty store", median(of_empty.rates)};
  figure.target = kRateTarget;
  figure.details = {{"full", of_aged.details()}, {"empty", of_empty.details()}};
  return figure;
}

Figure latencies(const Settings& settings, LocalCluster& aged, LocalCluster& empty) {
  DeployToStart on_aged(aged, "first-instruction");
  DeployToStart on_empty(empty, "first-instruction");
  Latencies of_aged(static_cast<std::size_t>(settings.samples));
  Latencies of_empty(static_cast<std::size_t>(settings.samples));
  const std::chrono::milliseconds pause(settings.pause_ms);
  for (int i = 0; i < settings.samples; ++i) {
    let_pass(pause);
    of_aged.add(on_aged.measure().began);
    let_pass(pause);
    of_empty.add(on_empty.measure().began);
  }
  Figure figure;
  figure.id = "P5.P2";
  figure.what = "from the deploy to the first instruction, p50, with a full history";
  figure.unit = "us";
  figure.figure = of_aged.microseconds(50);
  figure.reference = Reference{"the same with an empty store", of_empty.microseconds(50)};
  figure.target = kLatencyTarget;
  figure.details = {{"full us", of_aged.summary()}, {"empty us", of_empty.summary()}};
  return figure;
}

void measure(const Options& options, Settings settings, Report& report) {
  if (options.smoke) settings.instances = settings.samples = 10;
  const TempDir directory;
  const std::string store = directory / "store";
  std::filesystem::create_directory(store);
  fill(store, settings.instances);
  std::vector<Figure> figures{starts(options, store)};
  LocalCluster aged({.data_dir = store});
  LocalCluster empty;
  figures.push_back(rates(options, aged, empty));
  figures.push_back(latencies(settings, aged, empty));
  for (Figure& figure : figures) {
    figure.conditions = aged.conditions();
    figure.conditions["instances that have ended"] = settings.instances;
    figure.conditions["clients"] = figure.id == "P5.P1" ? kClients : 1;
    figure.conditions["turns"] = options.turns;
    figure.conditions["turn ms"] = options.turn.count();
    report.add(std::move(figure));
  }
}

}  // namespace
}  // namespace drover::bench

int main(int argc, char** argv) {
  using namespace drover::bench;
  Settings settings;
  Program program;
  program.description = "The whole path and the start of the master with a full history (P5)";
  program.declare = [&settings](CLI::App& app) {
    app.add_option("--instances", settings.instances, "In the history")->capture_default_str();
    app.add_option("--samples", settings.samples, "Of each latency")->capture_default_str();
    app.add_option("--pause", settings.pause_ms, "Milliseconds before each")->capture_default_str();
  };
  program.measure = [&settings](const Options& options, Report& report) {
    measure(options, settings, report);
  };
  return run(argc, argv, program);
}
