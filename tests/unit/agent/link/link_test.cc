#include "agent/link/link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "common/limits.h"
#include "tests/unit/agent/link/fake_master.h"

namespace drover::agent::link {
namespace {

using fake::FakeMaster;
using Heard = FakeMaster::Heard;

std::int64_t now_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// The agent's thread: serves a link until something has happened.
class Agent {
 public:
  explicit Agent(std::vector<std::string> masters)
      : link_(std::move(masters), [this] { wake(); }) {}

  Link& link() { return link_; }
  int dials() const { return dials_; }
  int heartbeats() const { return heartbeats_; }
  int failures() const { return failures_; }
  const std::vector<v1::MasterMessage>& received() const { return received_; }
  const std::vector<LeaseRenewed>& leases() const { return leases_; }
  const std::string& master() const { return master_; }

  void serve_until(const std::function<bool()>& done) {
    const std::int64_t end = now_ms() + 20'000;
    while (!done()) {
      ASSERT_LT(now_ms(), end) << "waited in vain";
      for (Event& event : link_.take_events(now_ms())) take(event);
      if (done()) return;
      wait();
    }
  }
  void open_session() {
    serve_until([this] { return open_; });
  }

 private:
  void take(Event& event) {
    if (std::holds_alternative<DialDue>(event)) {
      ++dials_;
      v1::AgentMessage hello;
      hello.mutable_hello()->set_agent_version("dial " + std::to_string(dials_));
      hello.mutable_heartbeat();
      link_.dial(hello, now_ms());
    } else if (auto* opened = std::get_if<Opened>(&event)) {
      open_ = true;
      master_ = opened->master;
    } else if (auto* received = std::get_if<Received>(&event)) {
      received_.push_back(received->message);
    } else if (auto* renewed = std::get_if<LeaseRenewed>(&event)) {
      leases_.push_back(*renewed);
    } else if (std::holds_alternative<HeartbeatDue>(event)) {
      ++heartbeats_;
      v1::AgentMessage beat;
      beat.mutable_heartbeat()->set_cpu_percent(static_cast<std::uint32_t>(heartbeats_));
      link_.send(beat, now_ms());
    } else if (std::holds_alternative<Closed>(event)) {
      if (!open_) ++failures_;
      open_ = false;
    }
  }

  void wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_all();
  }
  void wait() {
    const std::int64_t deadline = link_.next_deadline().value_or(now_ms() + 1000);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock,
                      std::chrono::milliseconds(std::max<std::int64_t>(0, deadline - now_ms())),
                      [this] { return woken_; });
    woken_ = false;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;  // guarded by mutex_

  bool open_ = false;
  int dials_ = 0;
  int heartbeats_ = 0;
  int failures_ = 0;
  std::string master_;
  std::vector<v1::MasterMessage> received_;
  std::vector<LeaseRenewed> leases_;
  Link link_;
};

bool has_hello(const Heard& heard) { return !heard.empty() && heard.front().has_hello(); }

int reports_in(const Heard& heard) {
  int count = 0;
  for (const auto& message : heard) count += message.attempts_size();
  return count;
}

v1::AgentMessage report(std::uint32_t attempt) {
  v1::AgentMessage message;
  message.add_attempts()->set_attempt(attempt);
  return message;
}

TEST(LinkTest, SaysHelloFirstWithItsOwnAddress) {
  FakeMaster master;
  Agent agent({master.address()});
  agent.open_session();
  const Heard heard = master.wait_until(has_hello);
  EXPECT_EQ(heard.front().hello().agent_version(), "dial 1");
  EXPECT_EQ(heard.front().hello().advertise_ip(), "127.0.0.1");
  ASSERT_EQ(agent.received().size(), 1U) << "the welcome carries the epoch";
  EXPECT_EQ(agent.received()[0].epoch(), 1U);
}

TEST(LinkTest, KeepsTheBeatThatTheMasterNames) {
  FakeMaster master({.heartbeat_interval_ms = 50});
  Agent agent({master.address()});
  const std::int64_t begin = now_ms();
  agent.serve_until([&] { return agent.heartbeats() == 10; });
  EXPECT_GE(now_ms() - begin, 10 * 45 - 10) << "a tenth of jitter, and whole milliseconds";
  master.wait_until([](const Heard& heard) {
    return heard.back().has_heartbeat() && heard.back().heartbeat().cpu_percent() == 10;
  });
}

TEST(LinkTest, NumbersHeartbeatsAndKnowsTheLeaseFromTheirAnswers) {
  FakeMaster master({.heartbeat_interval_ms = 50, .lease_ms = 1'000, .answers_heartbeats = true});
  Agent agent({master.address()});
  const std::int64_t begin = now_ms();
  agent.serve_until([&] { return agent.leases().size() == 5; });
  std::int64_t last_ms = begin + 950 - 1;
  for (const LeaseRenewed& lease : agent.leases()) {
    EXPECT_EQ(lease.epoch, 1U);
    EXPECT_EQ(lease.session, 1U);
    EXPECT_GT(lease.until_ms, last_ms);
    last_ms = lease.until_ms;
  }
  EXPECT_LE(last_ms, now_ms() + 950);
  std::uint64_t expected = 1;
  for (const auto& message : master.wait_until([](const Heard& heard) { return !heard.empty(); })) {
    if (!message.has_heartbeat()) continue;
    EXPECT_EQ(message.heartbeat().sequence(), expected++);
  }
  EXPECT_GE(expected, 5U);
}

TEST(LinkTest, AWelcomeToNoSessionIsRefused) {
  FakeMaster master({.session = 0});
  Agent agent({master.address()});
  agent.serve_until([&] { return agent.failures() == 1; });
}

TEST(LinkTest, CarriesMessagesBothWaysInOrder) {
  FakeMaster master;
  Agent agent({master.address()});
  agent.open_session();
  // Many more than the link reads ahead.
  for (int count = 0; count < 1000; ++count) {
    master.stop(fake::allocation_ref(static_cast<std::uint8_t>(count)));
  }
  agent.serve_until([&] { return agent.received().size() == 1001; });
  for (int count = 0; count < 1000; ++count) {
    const auto& command = agent.received()[static_cast<std::size_t>(count + 1)].commands(0);
    ASSERT_EQ(static_cast<std::uint8_t>(command.stop().instance_id().back()),
              static_cast<std::uint8_t>(count));
  }

  for (std::uint32_t number = 0; number < 5000; ++number)
    agent.link().send(report(number), now_ms());
  const Heard heard =
      master.wait_until([](const Heard& so_far) { return reports_in(so_far) == 5000; });
  EXPECT_LT(heard.size(), 1000U) << "what is queued while a write is under way goes out together";
  std::uint32_t expected = 0;
  for (const auto& message : heard) {
    for (const auto& attempt : message.attempts()) ASSERT_EQ(attempt.attempt(), expected++);
  }
}

TEST(LinkTest, WhatIsSaidWhileDiallingFollowsTheHello) {
  FakeMaster master;
  bool dialled = false;
  Link link({master.address()}, [] {});
  ASSERT_TRUE(std::holds_alternative<DialDue>(link.take_events(0).front()));
  v1::AgentMessage hello;
  hello.mutable_hello();
  link.dial(hello, 0);
  link.send(report(1), 0);
  link.send(report(2), 0);
  dialled = true;
  const Heard heard =
      master.wait_until([](const Heard& so_far) { return reports_in(so_far) == 2; });
  EXPECT_TRUE(dialled);
  EXPECT_TRUE(heard[0].has_hello());
  EXPECT_EQ(heard[0].attempts_size(), 0) << "a hello stands for itself";
}

TEST(LinkTest, ComesBackToAMasterThatReturns) {
  auto master = std::make_unique<FakeMaster>();
  const int port = master->port();
  Agent agent({master->address()});
  agent.open_session();
  master.reset();
  agent.serve_until([&] { return agent.failures() >= 2; });
  FakeMaster next({.epoch = 2}, port);
  agent.open_session();
  const Heard heard = next.wait_until(has_hello);
  EXPECT_EQ(heard.front().hello().agent_version(), "dial " + std::to_string(agent.dials()))
      << "each dial has a hello of its own";
}

TEST(LinkTest, TriesTheNextMasterAtOnce) {
  FakeMaster dead;
  const std::string nobody = dead.address();
  dead.die();
  FakeMaster master;
  Agent agent({nobody, master.address()});
  agent.open_session();
  EXPECT_EQ(agent.master(), master.address());
  EXPECT_EQ(agent.dials(), 2);
}

TEST(LinkTest, AMasterThatTurnsAgentsAwayIsNotHammered) {
  FakeMaster master({.turn_away = grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "go away")});
  Agent agent({master.address()});
  const std::int64_t begin = now_ms();
  agent.serve_until([&] { return now_ms() - begin > 600; });
  EXPECT_LE(agent.dials(), 20);
  EXPECT_GE(agent.failures(), agent.dials() - 1) << "one dial at a time";
}

TEST(LinkTest, SaysGoodbyeAndClosesTheStream) {
  FakeMaster master;
  Agent agent({master.address()});
  agent.open_session();
  agent.link().send(report(7), now_ms());
  agent.link().say_goodbye();
  const Heard heard = master.wait_until(
      [](const Heard& so_far) { return !so_far.empty() && so_far.back().goodbye(); });
  EXPECT_EQ(reports_in(heard), 1) << "what was queued goes out before";
  master.wait_for_no_session();
}

TEST(LinkTest, CanBeDroppedAtAnyTime) {
  FakeMaster master({.silent = true});
  for (int round = 0; round < 5; ++round) {
    Agent agent({master.address()});
    if (round > 0) agent.serve_until([&] { return agent.dials() == 1; });
    if (round > 1) master.wait_for_sessions(round - 1);
  }
  master.wait_for_no_session();
}

}  // namespace
}  // namespace drover::agent::link
