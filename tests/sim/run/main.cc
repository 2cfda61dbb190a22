// drover-sim: a cluster in one deterministic thread. README.md says how to use it.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/run/bugs.h"
#include "tests/sim/world/world.h"

namespace drover::sim {
namespace {

constexpr char kUsage[] =
    "drover-sim [--seed N | --seeds N..M] [--agents N] [--seconds N] [--trace] [--brief]\n"
    "           [--plant BUG] [--plants] [--list-bugs] [--speed]\n";

// A check of the product that fails ends the program: the seed must be known by then.
volatile std::uint64_t current_seed = 0;

void name_seed(int) {
  std::fprintf(stderr, "seed %llu\n", static_cast<unsigned long long>(current_seed));
  std::_Exit(3);
}

struct Flags {
  Options options;
  std::uint64_t first = 1;
  std::uint64_t last = 1;
  bool trace = false;
  bool brief = false;  // no trace of failures
  bool plants = false;
  bool speed = false;
};

std::optional<Flags> parse(int argc, char** argv) {
  Flags flags;
  for (int place = 1; place < argc; ++place) {
    const std::string flag = argv[place];
    if (flag == "--trace") {
      flags.trace = true;
    } else if (flag == "--brief") {
      flags.brief = true;
    } else if (flag == "--plants") {
      flags.plants = true;
    } else if (flag == "--speed") {
      flags.speed = true;
    } else if (flag == "--list-bugs") {
      for (const Bug& bug : bugs()) std::puts(bug.name);
      std::exit(0);
    } else if (++place == argc) {
      return std::nullopt;
    } else if (flag == "--seed") {
      flags.first = flags.last = std::strtoull(argv[place], nullptr, 10);
    } else if (flag == "--seeds") {
      const std::string range = argv[place];
      const std::size_t dots = range.find("..");
      if (dots == std::string::npos) return std::nullopt;
      flags.first = std::strtoull(range.c_str(), nullptr, 10);
      flags.last = std::strtoull(range.c_str() + dots + 2, nullptr, 10);
    } else if (flag == "--agents") {
      flags.options.agents = static_cast<std::uint32_t>(std::strtoul(argv[place], nullptr, 10));
    } else if (flag == "--seconds") {
      flags.options.safety_ms = std::strtoll(argv[place], nullptr, 10) * 1000;
    } else if (flag == "--plant") {
      planted_bug = bug_named(argv[place]);
      if (planted_bug == PlantedBug::none) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  return flags;
}

Outcome run(Options options, std::uint64_t seed) {
  current_seed = options.seed = seed;
  return World(options).run();
}

void print(const std::vector<Trace::Line>& lines) {
  for (const Trace::Line& line : lines) std::puts(Trace::text_of(line).c_str());
}

// The same history once more, with its lines: all of them, or those that matter.
void print_trace(Options options, std::uint64_t seed, bool all) {
  options.seed = seed;
  options.keep_trace = true;
  World world(options);
  const Outcome outcome = world.run();
  print(all || !outcome.violation ? world.trace().lines()
                                  : world.trace().about(outcome.violation->subjects));
}

int run_seeds(const Flags& flags) {
  std::map<std::string, std::uint64_t> faults;
  std::uint64_t failures = 0;
  for (std::uint64_t seed = flags.first; seed <= flags.last; ++seed) {
    if (flags.first == flags.last) {
      std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
      std::fflush(stdout);
    }
    const Outcome outcome = run(flags.options, seed);
    for (const auto& [kind, count] : outcome.faults) faults[kind] += count;
    if (flags.trace) print_trace(flags.options, seed, true);
    if (!outcome.violation) continue;
    ++failures;
    if (!flags.trace && !flags.brief) print_trace(flags.options, seed, false);
    std::printf("seed %llu breaks invariant %d: %s\n", static_cast<unsigned long long>(seed),
                outcome.violation->invariant, outcome.violation->what.c_str());
    std::fflush(stdout);
  }
  if (flags.first == flags.last) {
    const Outcome outcome = run(flags.options, flags.first);
    std::printf("hash %016llx, %llu events\n", static_cast<unsigned long long>(outcome.hash),
                static_cast<unsigned long long>(outcome.events));
  } else {
    bool all_fired = true;
    for (const auto& [kind, count] : faults) {
      std::printf("%8llu %s\n", static_cast<unsigned long long>(count), kind.c_str());
      all_fired = all_fired && count > 0;
    }
    if (!all_fired && flags.last - flags.first + 1 >= 1000) {
      std::puts("void: not every kind of fault has fired");
      return 2;
    }
  }
  return failures == 0 ? 0 : 1;
}

// What came of one seed. A negative number: a check of the product failed, and the process with it.
struct Verdict {
  std::uint64_t seed = 0;
  int invariant = 0;  // 0: none was broken
};
constexpr int kCheckFailed = -1;

// Runs seeds in another process, as a bug may end it; returns how far that has come.
std::vector<Verdict> run_apart(const Flags& flags, std::uint64_t first) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    const int quiet = open("/dev/null", O_WRONLY);
    dup2(quiet, STDERR_FILENO);
    for (std::uint64_t seed = first; seed <= flags.last; ++seed) {
      const Outcome outcome = run(flags.options, seed);
      const Verdict verdict{seed, outcome.violation ? outcome.violation->invariant : 0};
      if (write(ends[1], &verdict, sizeof verdict) != sizeof verdict) std::_Exit(1);
    }
    std::_Exit(0);
  }
  close(ends[1]);
  std::vector<Verdict> verdicts;
  for (Verdict verdict; read(ends[0], &verdict, sizeof verdict) == sizeof verdict;) {
    verdicts.push_back(verdict);
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  const std::uint64_t next = first + verdicts.size();
  if (status != 0 && next <= flags.last) verdicts.push_back({next, kCheckFailed});
  return verdicts;
}

// Each bug over the seeds: how many catch it, by which invariants.
int run_plants(const Flags& flags) {
  bool all_caught = true;
  for (const Bug& bug : bugs()) {
    planted_bug = bug.bug;
    std::map<int, std::uint64_t> by_invariant;
    std::uint64_t caught = 0;
    std::uint64_t first = 0;
    for (std::uint64_t next = flags.first; next <= flags.last;) {
      const std::vector<Verdict> verdicts = run_apart(flags, next);
      if (verdicts.empty()) return 1;
      next += verdicts.size();
      for (const Verdict& verdict : verdicts) {
        if (verdict.invariant == 0) continue;
        if (++caught == 1) first = verdict.seed;
        ++by_invariant[verdict.invariant];
      }
    }
    std::string invariants;
    for (const auto& [number, count] : by_invariant) {
      if (!invariants.empty()) invariants += ", ";
      invariants += number == kCheckFailed ? "a check" : std::to_string(number);
      invariants += " (" + std::to_string(count) + ")";
    }
    std::printf("| `%s` | %s | %llu | %llu |\n", bug.name, invariants.c_str(),
                static_cast<unsigned long long>(caught), static_cast<unsigned long long>(first));
    std::fflush(stdout);
    all_caught = all_caught && caught > 0;
  }
  return all_caught ? 0 : 1;
}

int measure_speed(Flags flags) {
  if (!flags.options.agents) flags.options.agents = 20;
  const auto begin = std::chrono::steady_clock::now();
  Time simulated = 0;
  for (std::uint64_t seed = flags.first; seed <= flags.last; ++seed) {
    simulated += run(flags.options, seed).simulated_ms;
  }
  const std::chrono::duration<double> real = std::chrono::steady_clock::now() - begin;
  std::printf("%u agents: %.0f simulated seconds for each real one\n", *flags.options.agents,
              static_cast<double>(simulated) / 1000 / real.count());
  return 0;
}

}  // namespace
}  // namespace drover::sim

int main(int argc, char** argv) {
  using namespace drover::sim;
  std::signal(SIGABRT, name_seed);
  const auto flags = parse(argc, argv);
  if (!flags) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  if (flags->plants) return run_plants(*flags);
  return flags->speed ? measure_speed(*flags) : run_seeds(*flags);
}
