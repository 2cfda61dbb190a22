// Parts are killed with SIGKILL at random moments, again and again, while clients go on. How many
// times: DROVER_CHAOS_KILLS, 100 unless set.
#include <csignal>
#include <cstdio>
#include <map>

#include "tests/chaos/chaos_test.h"
#include "tests/support/process.h"

namespace drover::test {
namespace {

constexpr int kAgents = 3;

class Kills : public ChaosTest {
 protected:
  void SetUp() override { start(kAgents); }

  static int kills(int percent) {
    return static_cast<int>(number_from("DROVER_CHAOS_KILLS", 100)) * percent / 100;
  }

  void kill_master() {
    cluster_.master().kill();
    load_->set_reachable(false);
    ++count_["master"];
  }
  void revive_master() {
    // At times it is killed once more while it starts.
    if (chance(3) == 0) {
      cluster_.launch_master();
      let_pass(std::chrono::milliseconds(chance(60) * kSlowness));
      cluster_.master().kill();
      ++count_["starting master"];
    }
    cluster_.start_master();
    load_->set_reachable(true);
  }
  void kill_agent(int number) {
    cluster_.agent(number).kill();
    ++count_["agent"];
  }
  void revive_agent(int number) {
    if (chance(3) == 0) {
      cluster_.launch_agent(number);
      let_pass(std::chrono::milliseconds(chance(40) * kSlowness));
      cluster_.agent(number).kill();
      ++count_["starting agent"];
    }
    cluster_.start_agent(number);
  }
  void kill_supervisor(int number) {
    pid_t old = -1;
    ASSERT_TRUE(eventually([&] { return (old = cluster_.supervisor(number)) > 0; }));
    ASSERT_EQ(0, ::kill(old, SIGKILL));
    ++count_["supervisor"];
    EXPECT_TRUE(eventually([&] {
      const pid_t next = cluster_.supervisor(number);
      return next > 0 && next != old;
    }));
  }

  void master_or_agent_or_both() {
    const int what = chance(9);
    const int agent = chance(kAgents - 1);
    if (what < 8) await_some_moment(30);
    if (what < 4) {
      kill_master();
      revive_master();
    } else if (what < 7) {
      kill_agent(agent);
      revive_agent(agent);
    } else {
      const bool master_first = chance(1) == 0;
      if (master_first) kill_master();
      kill_agent(agent);
      if (!master_first) kill_master();
      if (master_first) revive_agent(agent);
      revive_master();
      if (!master_first) revive_agent(agent);
    }
  }

  int counted() const {
    int all = 0;
    for (const auto& [what, count] : count_) all += count;
    return all;
  }
  void TearDown() override {
    std::printf("killed:");
    for (const auto& [what, count] : count_) std::printf(" %s %d", what.c_str(), count);
    std::printf("\n");
  }

  std::map<std::string, int> count_;
};

TEST_F(Kills, OfMasterAndAgentsCostNothing) {
  while (counted() < kills(80) && !HasFailure()) {
    load_->allow(40);
    master_or_agent_or_both();
  }
  finish(Losses::illegal);
}

TEST_F(Kills, OfSupervisorsCostTasksAndNothingElse) {
  while (counted() < kills(20) && !HasFailure()) {
    load_->allow(40);
    if (chance(1) == 0) {
      master_or_agent_or_both();
    } else {
      await_some_moment(30);
      kill_supervisor(chance(kAgents - 1));
    }
  }
  finish(Losses::legal);
}

}  // namespace
}  // namespace drover::test
