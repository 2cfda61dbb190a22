// The network between the master and a node is cut, in every way, while clients go on.
#include "tests/chaos/chaos_test.h"
#include "tests/chaos/charges.h"
#include "tests/chaos/network.h"
#include "tests/support/process.h"

namespace drover::test {
namespace {

using Direction = Network::Direction;

constexpr int kNodes = 3;
constexpr int kVictim = 0;

// Made before the cluster, whose programs live in it, and gone after it.
struct HasNetwork {
  Network network_{kNodes};
};

Surroundings in(const Network& network) {
  Surroundings surroundings;
  surroundings.master_flags = {"--insecure"};
  surroundings.agent_listen = "0.0.0.0";
  surroundings.master_address = Network::master_address;
  surroundings.at_node = [&network](int node, const std::function<void()>& start) {
    const Network::Stay stay = network.at_node(node);
    start();
  };
  return with_short_times(surroundings);
}

class Partitions : private HasNetwork, public ChaosTest {
 protected:
  Partitions() : ChaosTest(in(HasNetwork::network_)), charges_(cluster_, oracle_) {}
  void SetUp() override {
    if (!network().problem().empty()) GTEST_SKIP() << network().problem();
    stay_.emplace(network().at_master());
    start(kNodes);
    charges_.deploy(kVictim);
    serve(20);
  }
  const Network& network() const { return HasNetwork::network_; }

  // The node is away for longer than its tasks may be, and returns.
  void is_lost_and_returns() {
    cluster_.await_online(kNodes - 1);
    serve(40);
    charges_.expect_unknown(kVictim);
    charges_.await_replacements(kVictim);
    network().heal(kVictim);
    cluster_.await_online(kNodes);
    charges_.expect_all_as_after_loss_of(kVictim);
    oracle_.all_reachable_again();
    finish(Losses::legal);
  }
  // The network was bad for a while: what came of it is up to chance, but has to be told truly.
  void calms_down() {
    network().heal(kVictim);
    cluster_.await_online(kNodes);
    for (const Charge& charge : charges_.all()) charges_.expect_told_truly(charge);
    // Not from when the cable was healed: packets that were lost are sent again at ever longer
    // intervals.
    oracle_.all_reachable_again();
    finish(Losses::legal);
  }

  std::optional<Network::Stay> stay_;
  Charges charges_;
};

TEST_F(Partitions, InBothDirections) {
  network().cut(kVictim);
  is_lost_and_returns();
}

TEST_F(Partitions, WithTheMasterDeaf) {
  network().lose(kVictim, Direction::to_master, 100);
  is_lost_and_returns();
}

TEST_F(Partitions, WithTheNodeDeaf) {
  network().lose(kVictim, Direction::to_node, 100);
  is_lost_and_returns();
}

TEST_F(Partitions, DoNotUndoStops) {
  network().cut(kVictim);
  serve(20);
  for (const Charge& charge : charges_.all()) {
    oracle_.ledger().stop_asked(charge.id);
    cluster_.stop(charge.id);
    oracle_.ledger().stop_acknowledged(charge.id);
  }
  // Until the node is back in time, or is offline, or its tasks are given up.
  let_pass(std::chrono::milliseconds(chance(2 * static_cast<int>(kShortLease.count()))));
  network().heal(kVictim);
  cluster_.await_online(kNodes);
  for (const Charge& charge : charges_.all()) charges_.expect_gone(charge);
  oracle_.all_reachable_again();
  finish(Losses::legal);
}

TEST_F(Partitions, OfAllNodesAtOnceMakeTheMasterSuspectItself) {
  for (int node = 0; node < kNodes; ++node) network().cut(node);
  cluster_.await_online(0);
  EXPECT_TRUE(eventually([&] {
    return cluster_.get("/api/v1/cluster").body.find("\"suspended\"") != std::string::npos;
  })) << cluster_.get("/api/v1/cluster").body;
  // Nothing is given up, although all of it has been away for longer than it may be.
  let_pass(2 * kShortLostAfter);
  charges_.expect_nothing_given_up();
  // The last ones to return may come too late for times as short as these.
  for (int node = 0; node < kNodes; ++node) network().heal(node);
  calms_down();
}

TEST_F(Partitions, ThatComeAndGo) {
  const int lease = static_cast<int>(kShortLease.count());
  for (int time = 0; time < 6 && !HasFailure(); ++time) {
    const bool both = chance(1) == 0;
    const Direction direction = chance(1) == 0 ? Direction::to_master : Direction::to_node;
    if (both) {
      network().cut(kVictim);
    } else {
      network().lose(kVictim, direction, 100);
    }
    serve(20);
    let_pass(std::chrono::milliseconds(chance(lease * 3 / 2)));
    network().heal(kVictim);
    let_pass(std::chrono::milliseconds(chance(lease / 2)));
  }
  calms_down();
}

TEST_F(Partitions, OfSomePackets) {
  for (const Direction direction : {Direction::to_master, Direction::to_node}) {
    network().lose(kVictim, direction, 30);
  }
  for (int step = 0; step < 8 && !HasFailure(); ++step) {
    serve(20);
    let_pass(kShortLease / 2);
  }
  calms_down();
}

}  // namespace
}  // namespace drover::test
