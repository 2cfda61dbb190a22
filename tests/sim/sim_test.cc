// The simulator, as a test: kept seeds, fresh seeds, and that a seed is a history.
#include <gtest/gtest.h>

#include "tests/sim/world/world.h"

namespace drover::sim {
namespace {

std::string text_of(const Outcome& outcome, std::uint64_t seed) {
  if (!outcome.violation) return "";
  return "seed " + std::to_string(seed) + ", invariant " +
         std::to_string(outcome.violation->invariant) + ": " + outcome.violation->what;
}

TEST(SimulatorTest, FreshSeedsBreakNoPromise) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Options options;
    options.seed = seed;
    const Outcome outcome = World(options).run();
    EXPECT_FALSE(outcome.violation) << text_of(outcome, seed);
  }
}

TEST(SimulatorTest, ASeedIsOneHistory) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Options options;
    options.seed = seed;
    options.keep_trace = true;
    World first(options);
    World second(options);
    const Outcome one = first.run();
    const Outcome other = second.run();
    EXPECT_EQ(one.hash, other.hash);
    ASSERT_EQ(first.trace().lines().size(), second.trace().lines().size());
    for (std::size_t place = 0; place < first.trace().lines().size(); ++place) {
      ASSERT_EQ(Trace::text_of(first.trace().lines()[place]),
                Trace::text_of(second.trace().lines()[place]));
    }
  }
}

}  // namespace
}  // namespace drover::sim
