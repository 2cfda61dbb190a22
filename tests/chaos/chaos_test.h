// What the tests of this room share: a cluster, an oracle, clients, and chance from a seed that is
// printed. DROVER_CHAOS_SEED sets it, to have the same choices again.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <random>

#include "tests/chaos/load.h"
#include "tests/chaos/oracle.h"
#include "tests/support/cluster.h"

namespace drover::test {

// Programs under a sanitizer are slower, and so are all times that tests choose for them.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kSlowness = 4;
#else
inline constexpr int kSlowness = 1;
#endif

// A start that was under way when a stop was acknowledged reaches its node at the latest when an
// agent has dialled again after its longest pause, and is overtaken by the stop then.
inline constexpr std::chrono::milliseconds kStopReach{5000 * kSlowness};

// So short that a test can wait until they are over, and long enough for busy cores.
inline constexpr std::chrono::milliseconds kShortLease{900 * kSlowness};
inline constexpr std::chrono::milliseconds kShortLostAfter{700 * kSlowness};
Surroundings with_short_times(Surroundings surroundings = {});

class ChaosTest : public testing::Test {
 protected:
  explicit ChaosTest(Surroundings surroundings = {});
  ~ChaosTest() override;

  // Starts the master, the agents and the clients, which may ask for nothing so far.
  void start(int agents, int clients = 4);
  // Ends the clients, lets everything come to its end, and compares.
  void finish(Losses losses, std::chrono::milliseconds stop_reach = kStopReach);

  std::uint64_t seed() const { return seed_; }
  // A number from 0 to `most`.
  int chance(int most);
  // Clients send so many requests, and have their answers.
  void serve(int requests);
  // Waits for a random number of requests, and then a random part of a few milliseconds.
  void await_some_moment(int most_requests);

  const std::uint64_t seed_;
  const testing::ScopedTrace trace_;  // shows the seed wherever something fails
  std::mt19937_64 random_;
  Cluster cluster_;
  Oracle oracle_;
  std::unique_ptr<Load> load_;
};

// An environment variable that holds a number.
std::uint64_t number_from(const char* variable, std::uint64_t otherwise);

// Waits until the clock has come so far; for what is defined by a time, not by an event.
void let_pass(std::chrono::milliseconds time);

}  // namespace drover::test
