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
    if (flag == "--trace") options.keep_trace = true;
  }
  const auto begin = std::chrono::steady_clock::now();
  Time simulated = 0;
  for (; options.seed <= last; ++options.seed) {
    World world(options);
    const Outcome outcome = world.run();
    simulated += outcome.simulated_ms;
    std::printf("seed %llu hash %016llx events %llu\n",
                static_cast<unsigned long long>(options.seed),
                static_cast<unsigned long long>(outcome.hash),
                static_cast<unsigned long long>(outcome.events));
    for (const auto& line : world.trace().lines()) std::puts(Trace::text_of(line).c_str());
    if (outcome.violation) {
      std::printf("VIOLATION of %d: %s\n", outcome.violation->invariant,
                  outcome.violation->what.c_str());
    }
  }
  const std::chrono::duration<double> real = std::chrono::steady_clock::now() - begin;
  std::printf("%.0f simulated seconds for each real one\n",
              static_cast<double>(simulated) / 1000 / real.count());
  return 0;
}
