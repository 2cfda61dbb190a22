// drover-bench-agents: many simulated nodes for a real master.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string>

#include "common/clock.h"
#include "common/duration.h"
#include "common/endpoint.h"
#include "common/log.h"
#include "common/result.h"
#include "common/service.h"
#include "common/size.h"
#include "tests/bench/agents/fleet.h"
#include "tests/bench/agents/open_files.h"

namespace drover::bench {
namespace {

constexpr char kProgram[] = "drover-bench-agents";
constexpr std::int64_t kSignalPeriodMs = 100;  // between two looks for a signal

struct Flags {
  std::size_t agents = 1000;
  std::string master = "127.0.0.1:8421";
  std::string task_time = "1s";
  std::string heartbeat_interval = "0s";
  std::string report_every = "1s";
  std::string duration = "0s";
  std::string memory = "16GiB";
  std::uint32_t cpus = 8;
  std::string dial_over = "5s";
  std::size_t dialling = 200;
  std::uint64_t seed = 1;
  std::vector<std::string> labels;
  bool vanish = false;
};

void declare(CLI::App& app, Flags& flags) {
  app.add_option("--agents", flags.agents, "How many nodes")
      ->check(CLI::Range(1, 1 << 24))
      ->capture_default_str();
  app.add_option("--master", flags.master, "HOST:PORT of the master")->capture_default_str();
  app.add_option(
         "--task-time", flags.task_time,
         "From a task's start to its end with exit code 0; \"forever\": until it is stopped")
      ->capture_default_str();
  app.add_option("--heartbeat-interval", flags.heartbeat_interval, "0s: as the master says")
      ->capture_default_str();
  app.add_option("--dial-over", flags.dial_over,
                 "In which the first dials are spread, so that not all beat together")
      ->capture_default_str();
  app.add_option("--dialling-at-once", flags.dialling, "So many may wait for a welcome")
      ->check(CLI::Range(1, 1 << 24))
      ->capture_default_str();
  app.add_option("--seed", flags.seed, "The same seed: the same nodes")->capture_default_str();
  app.add_option("--cpus", flags.cpus, "Of each node")->capture_default_str();
  app.add_option("--memory", flags.memory, "Of each node")->capture_default_str();
  app.add_option("--label", flags.labels, "KEY=VALUE, of all nodes; repeatable");
  app.add_option("--report-every", flags.report_every, "A line with what was done so far; 0s: none")
      ->capture_default_str();
  app.add_option("--duration", flags.duration, "0s: until SIGINT or SIGTERM")
      ->capture_default_str();
  app.add_flag("--vanish", flags.vanish, "End without a goodbye, as nodes that lose their power");
}

struct Times {
  std::chrono::milliseconds report_every{0};
  std::chrono::milliseconds duration{0};
};

Result<std::chrono::milliseconds> parse(const std::string& flag, const std::string& text) {
  auto duration = parse_duration(text);
  if (!duration) return Error{ErrorKind::invalid, "--" + flag + ": " + duration.error().message};
  return duration;
}

Result<Times> parse_times(const Flags& flags) {
  const auto report = parse("report-every", flags.report_every);
  if (!report) return report.error();
  const auto duration = parse("duration", flags.duration);
  if (!duration) return duration.error();
  return Times{*report, *duration};
}

Result<Settings> parse_settings(const Flags& flags) {
  Settings settings;
  const auto master = parse_endpoint(flags.master);
  if (!master) return Error{ErrorKind::invalid, "--master: " + master.error().message};
  settings.master = flags.master;
  settings.nodes = flags.agents;
  settings.seed = flags.seed;
  const auto dial_over = parse("dial-over", flags.dial_over);
  if (!dial_over) return dial_over.error();
  settings.dial_over = *dial_over;
  settings.dialling_at_once = flags.dialling;
  if (flags.task_time != "forever") {
    const auto time = parse("task-time", flags.task_time);
    if (!time) return time.error();
    settings.task_time = *time;
  }
  const auto interval = parse("heartbeat-interval", flags.heartbeat_interval);
  if (!interval) return interval.error();
  settings.heartbeat_interval = *interval;
  settings.cpu_count = flags.cpus;
  const auto memory = parse_size(flags.memory);
  if (!memory) return Error{ErrorKind::invalid, "--memory: " + memory.error().message};
  settings.memory_bytes = *memory;
  for (const std::string& label : flags.labels) {
    const std::size_t equals = label.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{ErrorKind::invalid, "--label '" + label + "': write KEY=VALUE"};
    }
    settings.labels.emplace_back(label.substr(0, equals), label.substr(equals + 1));
  }
  return settings;
}

std::int64_t cpu_ms() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return used.tv_sec * 1000 + used.tv_nsec / 1'000'000;
}

// `questions`: how often somebody has asked for it.
void report(const Counters& counters, std::uint64_t questions) {
  log::info("counters", {{"asked", questions},
                         {"steady_ms", steady_now().count()},
                         {"open", counters.open},
                         {"welcomed", counters.welcomed},
                         {"lost", counters.lost},
                         {"refused", counters.refused},
                         {"heartbeats", counters.heartbeats},
                         {"messages_sent", counters.messages_sent},
                         {"bytes_sent", counters.bytes_sent},
                         {"messages_received", counters.messages_received},
                         {"bytes_received", counters.bytes_received},
                         {"started", counters.started},
                         {"ended", counters.ended},
                         {"cpu_ms", cpu_ms()}});
}

// A signal that has arrived, of those that are waited for; 0: none.
int next_signal() {
  sigset_t awaited;
  sigemptyset(&awaited);
  for (const int each : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&awaited, each);
  const timespec at_once{};
  return std::max(::sigtimedwait(&awaited, nullptr, &at_once), 0);
}

void block_question() {
  sigset_t question;
  sigemptyset(&question);
  sigaddset(&question, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &question, nullptr);
}

void run_fleet(const Settings& settings, const Times& times, bool vanish) {
  Fleet fleet(settings);
  const std::int64_t begin_ms = steady_now().count();
  std::int64_t report_ms = begin_ms + times.report_every.count();
  std::uint64_t questions = 0;
  bool all_open = false;
  while (true) {
    fleet.serve(steady_now().count() + kSignalPeriodMs);
    const std::int64_t steady_ms = steady_now().count();
    const int signal = next_signal();
    if (signal == SIGUSR1) report(fleet.counters(), ++questions);
    if (signal == SIGINT || signal == SIGTERM) break;
    if (!all_open && fleet.counters().open == settings.nodes) {
      all_open = true;
      log::info("all open", {{"agents", settings.nodes}, {"after_ms", steady_ms - begin_ms}});
    }
    if (times.report_every.count() > 0 && steady_ms >= report_ms) {
      report(fleet.counters(), questions);
      report_ms += times.report_every.count();
    }
    if (times.duration.count() > 0 && steady_ms - begin_ms >= times.duration.count()) break;
  }
  report(fleet.counters(), questions);
  fleet.leave(vanish ? Fleet::Leave::silently : Fleet::Leave::with_goodbye);
  log::info("left");
}

int run(int argc, const char* const* argv) {
  CLI::App app("Simulated nodes for a real master; see tests/bench/agents/README.md.", kProgram);
  Flags flags;
  declare(app, flags);
  const ParsedFlags parsed = parse_flags(app, argc, argv);
  if (!parsed.go_on) return parsed.exit_status;
  const auto settings = parse_settings(flags);
  if (!settings) return fail(kProgram, settings.error().message);
  const auto times = parse_times(flags);
  if (!times) return fail(kProgram, times.error().message);
  block_stop_signals();
  block_question();
  if (const auto raised = allow_connections(settings->nodes); !raised) {
    return fail(kProgram, raised.error().message);
  }
  run_fleet(*settings, *times, flags.vanish);
  return 0;
}

}  // namespace
}  // namespace drover::bench

int main(int argc, char** argv) { return drover::bench::run(argc, argv); }
