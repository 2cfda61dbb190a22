// Exclusive tasks of a real agent whose master goes silent, with and without that agent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "common/clock.h"
#include "tests/scenario/agent/agent_fixture.h"
#include "tests/support/process.h"

namespace drover::agent {
namespace {

using fake::group_of;
using fake::report_of;
using testing::HasSubstr;

const fake::FakeMaster::Manner kShortLease{
    .heartbeat_interval_ms = 50, .lease_ms = 1'000, .answers_heartbeats = true};

class AgentLeaseTest : public AgentProgramTest {
 protected:
  AgentLeaseTest() { use_master(kShortLease); }

  // With its first lease.
  void start_leased_agent() {
    start_agent();
    wait_for_heartbeats(1);
  }

  // Exclusive, deaf to SIGTERM, with a daemon; says when both are up. `stop_grace` as given.
  void start_stubborn(std::uint8_t number, std::int64_t stop_grace_ms) {
    const std::string up = pipe_path("up" + std::to_string(number));
    v1::StartAllocation start = group_of(
        number, {"trap '' TERM; setsid sleep 1000 & echo $! > " + up + "; while :; do wait; done"});
    start.set_exclusive(true);
    start.mutable_tasks(0)->set_stop_grace_ms(stop_grace_ms);
    master_->start(start);
    const std::string pid = hear("up" + std::to_string(number));
    ASSERT_FALSE(pid.empty());
    daemon_ = static_cast<pid_t>(std::stoi(pid));
    wait_until_running(number);
  }
  bool daemon_lives() const { return test::process_exists(daemon_); }
  void wait_for_heartbeats(std::uint64_t count) {
    master_->wait_until([&](const fake::FakeMaster::Heard& heard) {
      return !heard.empty() && heard.back().heartbeat().sequence() >= count;
    });
  }

  pid_t daemon_ = 0;
};

TEST_F(AgentLeaseTest, ItLivesAsLongAsTheMasterAnswersAndEndsByItself) {
  start_leased_agent();
  start_stubborn(1, 200);
  master_->start(group_of(2, {"sleep 1000"}));
  wait_until_running(2);
  wait_for_heartbeats(40);  // twice the lease
  EXPECT_TRUE(daemon_lives());
  const std::int64_t begin_ms = steady_now().count();
  master_->fall_silent();
  const v1::End end = wait_for_end(1);
  EXPECT_EQ(end.signal(), SIGKILL);
  EXPECT_TRUE(end.fenced());
  EXPECT_FALSE(end.stopped());
  EXPECT_FALSE(daemon_lives());
  EXPECT_LT(steady_now().count() - begin_ms, 950 + 200 + 5'000);
  EXPECT_THAT(agent_.log(), HasSubstr("lease is over"));
  const auto other = report_of(master_->wait_until([](const auto&) { return true; }), 2);
  EXPECT_FALSE(other && other->has_end()) << "what is not exclusive does not need a lease";
}

TEST_F(AgentLeaseTest, AProcessThatListensIsAskedToEnd) {
  start_leased_agent();
  v1::StartAllocation polite = group_of(
      1, {"trap 'exit 5' TERM; echo up > " + pipe_path("up") + "; while :; do sleep 0.01; done"});
  polite.set_exclusive(true);
  master_->start(polite);
  EXPECT_EQ(hear("up"), "up\n");
  master_->fall_silent();
  const v1::End end = wait_for_end(1);
  EXPECT_EQ(end.exit_code(), 5);
  EXPECT_TRUE(end.fenced());
}

TEST_F(AgentLeaseTest, WithoutItsAgentItEndsAsWell) {
  start_leased_agent();
  start_stubborn(1, 200);
  agent_.kill_9();
  EXPECT_TRUE(test::eventually([this] { return !daemon_lives(); }));
  start_leased_agent();
  const v1::Hello second = hello(2);
  ASSERT_EQ(second.attempts_size(), 1);
  EXPECT_EQ(second.attempts(0).end().signal(), SIGKILL);
  EXPECT_TRUE(second.attempts(0).end().fenced());
}

TEST_F(AgentLeaseTest, WithAnAgentThatStandsStillItEndsAsWell) {
  start_leased_agent();
  start_stubborn(1, 200);
  agent_.signal(SIGSTOP);
  EXPECT_TRUE(test::eventually([this] { return !daemon_lives(); }));
  agent_.signal(SIGCONT);
  EXPECT_TRUE(wait_for_end(1).fenced());
}

TEST_F(AgentLeaseTest, TheNextAgentKeepsItAliveWithTheNextLease) {
  start_leased_agent();
  start_stubborn(1, 60'000);
  agent_.kill_9();
  start_leased_agent();
  wait_until_running(1);
  EXPECT_EQ(hello(2).attempts_size(), 1);
  wait_for_heartbeats(40);
  EXPECT_TRUE(daemon_lives());
  master_->remove(fake::allocation_ref(1));
  EXPECT_FALSE(wait_for_end(1).fenced());
  EXPECT_FALSE(daemon_lives());
}

TEST_F(AgentLeaseTest, WithoutALeaseNothingExclusiveStarts) {
  use_master({.lease_ms = 0});
  start_agent();
  v1::StartAllocation start = group_of(1, {"true"});
  start.set_exclusive(true);
  master_->start(start);
  EXPECT_TRUE(wait_for_end(1).never_started());
  EXPECT_TRUE(wait_for_end(1).fenced());
  master_->start(group_of(2, {"true"}));
  EXPECT_EQ(wait_for_end(2).exit_code(), 0);
}

}  // namespace
}  // namespace drover::agent
