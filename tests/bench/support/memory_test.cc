#include "tests/bench/support/memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

namespace drover::bench {
namespace {

TEST(MemoryTest, KnowsWhatWasTaken) {
  constexpr std::size_t kBytes = 32 * 1024 * 1024;
  const Memory before = memory_of(::getpid());
  const std::vector<char> taken(kBytes, 1);
  const Memory after = memory_of(::getpid());
  EXPECT_GE(after.proportional - before.proportional, 0.9 * kBytes) << taken.size();
  EXPECT_GE(after.anonymous - before.anonymous, 0.9 * kBytes);
  EXPECT_GE(after.resident, after.proportional);
}

TEST(MemoryTest, OfNoProcessIsAnError) { EXPECT_THROW(memory_of(0), std::runtime_error); }

TEST(MemoryTest, LeavesOutThoseThatAreKnown) {
  const std::size_t all = others_that_map("libc.so", {});
  EXPECT_GE(all, 1U);
  EXPECT_EQ(0U, others_that_map("a library that nobody has", {}));
}

}  // namespace
}  // namespace drover::bench
