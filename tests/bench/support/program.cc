#include "tests/bench/support/program.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <csignal>
#include <exception>
#include <iostream>
#include <utility>

#include "tests/bench/support/conditions.h"

namespace drover::bench {
namespace {

constexpr int kInterruptedExit = 130;
constexpr std::chrono::milliseconds kSmokeTurn{300};

std::atomic<bool> interruption{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void interrupt(int) { interruption = true; }

void listen_to_signals() {
  struct sigaction action {};
  action.sa_handler = interrupt;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

void declare(CLI::App& app, Options& options, unsigned& turn_ms) {
  app.add_option("--json", options.json, "Write the report to this file as JSON");
  app.add_option("--turn", turn_ms, "Milliseconds of each turn")->capture_default_str();
  app.add_option("--turns", options.turns, "Turns of what is measured, and of its reference")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--smoke", options.smoke, "Only see whether it works; its figures say nothing");
}

void measure(const Program& program, const Options& options) {
  boost::json::object conditions = machine_conditions();
  if (options.smoke) conditions["smoke"] = "the figures say nothing";
  Report report(std::move(conditions));
  program.measure(options, report);
  report.print(std::cout);
  if (!options.json.empty()) report.write_json(options.json);
}

}  // namespace

int run(int argc, const char* const* argv, const Program& program) {
  CLI::App app(program.description);
  Options options = program.defaults;
  auto turn_ms = static_cast<unsigned>(options.turn.count());
  declare(app, options, turn_ms);
  if (program.declare) program.declare(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  options.turn = std::chrono::milliseconds(turn_ms);
  if (options.smoke) {
    options.turn = kSmokeTurn;
    options.turns = 1;
  }
  // What tests share reports by expectations; here they end the run.
  testing::FLAGS_gtest_throw_on_failure = true;
  listen_to_signals();
  try {
    measure(program, options);
    return 0;
  } catch (const Interrupted&) {
    std::cerr << "interrupted\n";
    return kInterruptedExit;
  } catch (const std::exception& error) {
    if (interrupted()) return kInterruptedExit;
    std::cerr << "failed: " << error.what() << '\n';
    return 1;
  }
}

bool interrupted() { return interruption; }

void throw_if_interrupted() {
  if (interrupted()) throw Interrupted();
}

void let_pass(std::chrono::nanoseconds time) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + time;
  for (auto left = time; left > left.zero(); left = until - Clock::now()) {
    throw_if_interrupted();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec wait{seconds.count(), (left - seconds).count()};
    ::ppoll(nullptr, 0, &wait, nullptr);
  }
  throw_if_interrupted();
}

}  // namespace drover::bench
