// Parts are frozen with SIGSTOP for longer than a lease, and go on with SIGCONT.
#include <csignal>

#include "tests/chaos/chaos_test.h"
#include "tests/chaos/charges.h"
#include "tests/support/process.h"

namespace drover::test {
namespace {

using Kind = Charge::Kind;

constexpr int kAgents = 3;
constexpr int kVictim = 0;

class Freezes : public ChaosTest {
 protected:
  Freezes() : ChaosTest(with_short_times()), charges_(cluster_, oracle_) {}
  void SetUp() override {
    start(kAgents);
    charges_.deploy(kVictim);
    serve(20);
  }

  // An exclusive copy ends by itself where its node cannot know whether it was given up, and has a
  // successor then.
  void expect_nothing_lost() const {
    for (const Charge& charge : charges_.all()) {
      if (charge.kind == Kind::alone) {
        charges_.expect_one_copy(charge);
      } else {
        charges_.expect_untouched(charge);
      }
    }
  }

  Charges charges_;
};

TEST_F(Freezes, OfAnAgentForLongerThanItsTasksMayBeAway) {
  cluster_.agent(kVictim).signal(SIGSTOP);
  cluster_.await_online(kAgents - 1);
  serve(40);
  charges_.expect_unknown(kVictim);
  charges_.await_replacements(kVictim);
  cluster_.agent(kVictim).signal(SIGCONT);
  cluster_.await_online(kAgents);
  charges_.expect_all_as_after_loss_of(kVictim);
  oracle_.all_reachable_again();
  finish(Losses::legal);
}

TEST_F(Freezes, OfTheMasterCostNothing) {
  load_->allow(20);
  cluster_.master().signal(SIGSTOP);
  let_pass(kShortLease * 2);
  cluster_.master().signal(SIGCONT);
  serve(40);
  cluster_.await_online(kAgents);
  expect_nothing_lost();
  oracle_.all_reachable_again();
  finish(Losses::illegal);
}

TEST_F(Freezes, OfASupervisorCostNothing) {
  const pid_t supervisor = cluster_.supervisor(kVictim);
  ASSERT_GT(supervisor, 0);
  ASSERT_EQ(0, ::kill(supervisor, SIGSTOP));
  serve(40);
  let_pass(kShortLease * 2);
  for (const auto& [ip, status] : cluster_.nodes()) EXPECT_EQ(0, status) << ip;
  ASSERT_EQ(0, ::kill(supervisor, SIGCONT));
  expect_nothing_lost();
  oracle_.all_reachable_again();
  finish(Losses::illegal);
}

}  // namespace
}  // namespace drover::test
