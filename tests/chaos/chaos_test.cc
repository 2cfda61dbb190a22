#include "tests/chaos/chaos_test.h"

#include <cstdio>
#include <cstdlib>

#include "tests/support/process.h"

namespace drover::test {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr || *text == 0 ? otherwise : std::strtoull(text, nullptr, 10);
}

void let_pass(std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  eventually([&] { return std::chrono::steady_clock::now() >= until; }, time * 2);
}

Surroundings with_short_times(Surroundings surroundings) {
  const auto add = [&](const char* flag, std::chrono::milliseconds time) {
    surroundings.master_flags.insert(surroundings.master_flags.end(),
                                     {flag, std::to_string(time.count()) + "ms"});
  };
  add("--lease", kShortLease);
  add("--heartbeat-interval", kShortLease / 3);
  add("--lost-after", kShortLostAfter);
  return surroundings;
}

ChaosTest::ChaosTest(Surroundings surroundings)
    : seed_(number_from("DROVER_CHAOS_SEED", std::random_device()())),
      trace_(__FILE__, __LINE__, "DROVER_CHAOS_SEED=" + std::to_string(seed_)),
      random_(seed_),
      cluster_(std::move(surroundings)),
      oracle_(cluster_.directory()) {
  std::printf("DROVER_CHAOS_SEED=%llu\n", static_cast<unsigned long long>(seed_));
  std::fflush(stdout);
}

ChaosTest::~ChaosTest() {
  if (load_) load_->finish();
  std::printf("%s\n", oracle_.summary().c_str());
  if (HasFailure()) {
    std::printf("DROVER_CHAOS_SEED=%llu\n%s\n", static_cast<unsigned long long>(seed_),
                cluster_.log_tails().c_str());
  }
}

void ChaosTest::start(int agents, int clients) {
  cluster_.start_master();
  for (int number = 0; number < agents; ++number) cluster_.start_agent(number);
  cluster_.await_online(agents);
  oracle_.create_works(cluster_);
  load_ = std::make_unique<Load>(oracle_.ledger(), oracle_.works(), cluster_.http_port(), random_(),
                                 clients);
}

void ChaosTest::finish(Losses losses, std::chrono::milliseconds stop_reach) {
  load_->finish();
  cluster_.await_online(static_cast<int>(cluster_.agent_numbers().size()));
  oracle_.settle(cluster_);
  oracle_.judge(cluster_, losses, stop_reach);
}

int ChaosTest::chance(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }

void ChaosTest::serve(int requests) {
  const std::size_t wanted = oracle_.ledger().requests() + static_cast<std::size_t>(requests);
  load_->allow(requests);
  EXPECT_TRUE(oracle_.ledger().await(wanted, kPatience));
}

void ChaosTest::await_some_moment(int most_requests) {
  const std::size_t more = static_cast<std::size_t>(chance(most_requests));
  oracle_.ledger().await(oracle_.ledger().requests() + more, kPatience);
  let_pass(std::chrono::milliseconds(chance(20)));
}

}  // namespace drover::test
