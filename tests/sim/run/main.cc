// drover-sim: a cluster in one deterministic thread. README.md says how to use it.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>

#include "tests/sim/world/world.h"

int main(int argc, char** argv) {
  using namespace drover::sim;
  Options options;
  std::uint64_t last = 0;
  bool brief = false;
  for (int place = 1; place < argc; ++place) {
    const std::string flag = argv[place];
    const char* value = place + 1 < argc ? argv[place + 1] : "";
    if (flag == "--seed") options.seed = last = std::stoull(value);
    if (flag == "--seeds") {
      options.seed = std::stoull(value);
      last = std::stoull(std::strstr(value, "..") + 2);
    }
    if (flag == "--agents") options.agents = std::stoul(value);
    if (flag == "--seconds") options.safety_ms = std::stoll(value) * 1000;
    if (flag == "--brief") brief = true;
    if (flag == "--trace") options.keep_trace = true;
  }
  const auto begin = std::chrono::steady_clock::now();
  Time simulated = 0;
  std::map<std::string, std::uint64_t> faults;
  std::map<int, int> violations;
  for (; options.seed <= last; ++options.seed) {
    World world(options);
    const Outcome outcome = world.run();
    simulated += outcome.simulated_ms;
    for (const auto& [kind, count] : outcome.faults) faults[kind] += count;
    for (const auto& line : world.trace().lines()) std::puts(Trace::text_of(line).c_str());
    if (outcome.violation && !options.keep_trace && !brief) {
      Options again = options;
      again.keep_trace = true;
      World traced(again);
      const Outcome same = traced.run();
      for (const auto& line : traced.trace().about(same.violation->subjects)) {
        std::puts(Trace::text_of(line).c_str());
      }
    }
    if (outcome.violation) {
      ++violations[outcome.violation->invariant];
      std::printf("seed %llu VIOLATION of %d: %s\n", static_cast<unsigned long long>(options.seed),
                  outcome.violation->invariant, outcome.violation->what.c_str());
    }
  }
  const std::chrono::duration<double> real = std::chrono::steady_clock::now() - begin;
  for (const auto& [kind, count] : faults)
    std::printf("%8llu %s\n", static_cast<unsigned long long>(count), kind.c_str());
  for (const auto& [number, count] : violations) std::printf("invariant %d: %d\n", number, count);
  std::printf("%.0f simulated seconds for each real one\n",
              static_cast<double>(simulated) / 1000 / real.count());
  return 0;
}
