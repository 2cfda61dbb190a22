// The simulator, as a test: kept seeds and fresh ones, that a seed is one history, that every kind
// of fault happens, and that every planted bug is caught.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <ostream>
#include <string>

#include "tests/sim/run/bugs.h"
#include "tests/sim/world/world.h"

namespace drover::sim {

// For the names of tests.
void PrintTo(const Bug& bug, std::ostream* out) { *out << bug.name; }

namespace {

// As many as fit into about 40 s of one core; under a sanitizer each takes ten times as long.
constexpr std::uint64_t kFirstSeed = 1;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kLastSeed = 300;
#else
constexpr std::uint64_t kLastSeed = 2'000;
#endif
constexpr std::uint64_t kSeedsForABug = 400;

Outcome run(std::uint64_t seed) {
  Options options;
  options.seed = seed;
  return World(options).run();
}

void expect_kept(const Outcome& outcome, std::uint64_t seed) {
  if (!outcome.violation) return;
  ADD_FAILURE() << "seed " << seed << " breaks invariant " << outcome.violation->invariant << ": "
                << outcome.violation->what << "; see drover-sim --seed " << seed;
}

class SimulatorTest : public testing::Test {
 protected:
  ~SimulatorTest() override { planted_bug = PlantedBug::none; }
};

TEST_F(SimulatorTest, KeptSeedsBreakNoPromise) {
  std::ifstream file(DROVER_SIM_SEEDS);
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::uint64_t seed = std::stoull(line);
    expect_kept(run(seed), seed);
    ++count;
  }
  EXPECT_GT(count, 10U);
}

TEST_F(SimulatorTest, FreshSeedsBreakNoPromiseAndEveryFaultHappens) {
  std::map<std::string, std::uint64_t> faults;
  for (std::uint64_t seed = kFirstSeed; seed <= kLastSeed; ++seed) {
    const Outcome outcome = run(seed);
    expect_kept(outcome, seed);
    for (const auto& [kind, count] : outcome.faults) faults[kind] += count;
  }
  EXPECT_GT(faults.size(), 30U);
  for (const auto& [kind, count] : faults) EXPECT_GT(count, 0U) << kind << " has never happened";
}

TEST_F(SimulatorTest, ASeedIsOneHistory) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Options options;
    options.seed = seed;
    options.keep_trace = true;
    World first(options);
    World second(options);
    const Outcome one = first.run();
    const Outcome other = second.run();
    EXPECT_EQ(one.hash, other.hash);
    EXPECT_EQ(one.events, other.events);
    ASSERT_EQ(first.trace().lines().size(), second.trace().lines().size());
    for (std::size_t place = 0; place < first.trace().lines().size(); ++place) {
      ASSERT_EQ(Trace::text_of(first.trace().lines()[place]),
                Trace::text_of(second.trace().lines()[place]));
    }
  }
}

TEST_F(SimulatorTest, DifferentSeedsAreDifferentHistories) { EXPECT_NE(run(1).hash, run(2).hash); }

// 17: the same history, whether the wall clocks jump or not. Left out are schedules, which go by
// them, and faults that take their place in a file from its length, which has the time in it.
TEST_F(SimulatorTest, WallClocksDecideNothing) {
  std::uint64_t jumps = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Options options;
    options.seed = seed;
    options.schedules = false;
    options.without = {"journal damaged", "node loses its power", "node loses its power unheard",
                       "agent's disk full"};
    const Outcome with = World(options).run();
    options.wall_clocks_jump = false;
    const Outcome without = World(options).run();
    EXPECT_EQ(with.hash, without.hash) << "seed " << seed;
    jumps +=
        with.faults.at("master's wall clock jumps") + with.faults.at("node's wall clock jumps");
  }
  EXPECT_GT(jumps, 50U);
}

class PlantedBugTest : public testing::TestWithParam<Bug> {
 protected:
  ~PlantedBugTest() override { planted_bug = PlantedBug::none; }
};

// By its kept seed, or, where the product has changed since, by one of those that follow.
TEST_P(PlantedBugTest, IsCaught) {
  planted_bug = GetParam().bug;
  const std::uint64_t first = GetParam().seed;
  for (std::uint64_t seed = first; seed < first + kSeedsForABug; ++seed) {
    if (run(seed).violation) return;
  }
  ADD_FAILURE() << "no seed of " << first << ".." << first + kSeedsForABug - 1 << " catches it";
}

INSTANTIATE_TEST_SUITE_P(Bugs, PlantedBugTest, testing::ValuesIn(bugs()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace drover::sim
