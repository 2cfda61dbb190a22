// P2: an idle cluster, from the request to the task's first instruction.
#include "tests/bench/path/start_latency.h"
#include "tests/bench/support/latencies.h"
#include "tests/bench/support/program.h"

namespace drover::bench {
namespace {

constexpr Target kMedianTarget{Aim::at_most, 4};
constexpr Target kTailTarget{Aim::at_most, 12};

struct Settings {
  int samples = 2000;
  int pause_ms = 10;  // before each sample: all that the one before has left to do is over
};

struct Samples {
  explicit Samples(std::size_t count)
      : path(count), answer(count), bare(count), write(count), spawn(count) {}
  Latencies path;
  Latencies answer;
  Latencies bare;  // a write and a spawn, one pair each
  Latencies write;
  Latencies spawn;
};

void take(const Settings& settings, DeployToStart& path, WriteAndSpawn& bare, Samples& samples) {
  const std::chrono::milliseconds pause(settings.pause_ms);
  for (int i = 0; i < settings.samples; ++i) {
    let_pass(pause);
    const Started started = path.measure();
    samples.path.add(started.began);
    samples.answer.add(started.answered);
    let_pass(pause);
    const auto write = bare.write();
    const auto spawn = bare.spawn();
    samples.write.add(write);
    samples.spawn.add(spawn);
    samples.bare.add(write + spawn);
  }
}

Figure figure_of(const std::string& id, double percent, const Samples& samples, Target target) {
  Figure figure;
  figure.id = id;
  figure.what = "idle cluster: from the deploy request to the task's first instruction, " +
                std::string(id == "P2" ? "p50" : "p99");
  figure.unit = "us";
  figure.figure = samples.path.microseconds(percent);
  figure.reference =
      Reference{"one synced RocksDB write and one posix_spawn, p50", samples.bare.microseconds(50)};
  figure.target = target;
  return figure;
}

void measure(const Options& options, Settings settings, Report& report) {
  if (options.smoke) settings.samples = 10;
  LocalCluster cluster;
  DeployToStart path(cluster, "first-instruction");
  WriteAndSpawn bare;
  Samples warm(10);
  take({10, settings.pause_ms}, path, bare, warm);
  Samples samples(static_cast<std::size_t>(settings.samples));
  take(settings, path, bare, samples);

  boost::json::object conditions = cluster.conditions();
  conditions["clients"] = 1;
  conditions["samples"] = settings.samples;
  conditions["pause before each, ms"] = settings.pause_ms;
  Figure middle = figure_of("P2", 50, samples, kMedianTarget);
  middle.conditions = conditions;
  middle.details = {{"path us", samples.path.summary()},
                    {"until the client has its answer, us", samples.answer.summary()},
                    {"reference us", samples.bare.summary()},
                    {"write us", samples.write.summary()},
                    {"spawn us", samples.spawn.summary()}};
  report.add(std::move(middle));
  Figure tail = figure_of("P2.p99", 99, samples, kTailTarget);
  tail.conditions = conditions;
  tail.details["over the p99 of the reference"] =
      samples.path.microseconds(99) / samples.bare.microseconds(99);
  report.add(std::move(tail));
}

}  // namespace
}  // namespace drover::bench

int main(int argc, char** argv) {
  using namespace drover::bench;
  Settings settings;
  Program program;
  program.description = "From a deploy to the task's first instruction (P2)";
  program.declare = [&settings](CLI::App& app) {
    app.add_option("--samples", settings.samples, "How many tasks")->capture_default_str();
    app.add_option("--pause", settings.pause_ms, "Milliseconds before each")->capture_default_str();
  };
  program.measure = [&settings](const Options& options, Report& report) {
    measure(options, settings, report);
  };
  return run(argc, argv, program);
}
