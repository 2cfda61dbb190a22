// The real agent on a disk that is full, or has damaged what was written to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "agent/state/journal.h"
#include "tests/scenario/agent/agent_fixture.h"
#include "tests/support/process.h"
#include "tests/support/small_disk.h"

namespace drover::agent {
namespace {

using fake::allocation_ref;
using fake::group_of;
using Heard = fake::FakeMaster::Heard;
using testing::Contains;
using testing::HasSubstr;

constexpr std::size_t kDiskBytes = 8 * 1024 * 1024;

class AgentBadDiskTest : public AgentProgramTest {
 protected:
  void SetUp() override {
    if (!disk_.problem().empty()) GTEST_SKIP() << disk_.problem();
  }
  // Before the disk goes.
  void TearDown() override { agent_.end_all(); }

  // The agent's latest word on whether it takes work.
  void wait_until_refusing(bool wanted) {
    master_->wait_until([wanted](const Heard& heard) {
      bool refuses = false;
      for (const auto& message : heard) {
        if (message.has_heartbeat()) refuses = !message.heartbeat().refuses_work().empty();
      }
      return refuses == wanted;
    });
  }
  std::string journal() const { return agent_.state_dir() + "/journal"; }

  test::SmallDisk disk_{agent_.state_dir(), kDiskBytes};
};

// Without a bound that grows with what is held: an agent that has run out of space still stops what
// it is told to stop, and says how it ended.
TEST_F(AgentBadDiskTest, AFullDiskTakesNoNewWorkAndTheOldIsLookedAfter) {
  start_agent();
  const std::string gate = pipe_path("gate");
  master_->start(group_of(1, {"exec sleep 1000"}));
  master_->start(group_of(2, {"read x < " + gate + "; exit 7"}));
  wait_until_running(1);
  wait_until_running(2);
  disk_.fill();
  agent_.kill_9();
  start_agent();
  wait_until_refusing(true);
  EXPECT_EQ(hello(2).allocations_size(), 2);

  master_->start(group_of(3, {"true"}));
  EXPECT_THAT(wait_for_end(3).not_taken(), HasSubstr("disk is full"));
  let_go("gate");
  EXPECT_EQ(wait_for_end(2).exit_code(), 7);
  master_->stop(allocation_ref(1));
  EXPECT_EQ(wait_for_end(1).signal(), SIGTERM);

  disk_.make_room();
  wait_until_refusing(false);
  master_->start(group_of(4, {"exit 4"}));
  EXPECT_EQ(wait_for_end(4).exit_code(), 4);
  EXPECT_THAT(agent_.log(), HasSubstr("disk full, no new work is taken"));
  EXPECT_THAT(agent_.log(), HasSubstr("disk has room again"));
}

TEST_F(AgentBadDiskTest, AMasterStartedAnewIsObeyedOnAFullDisk) {
  start_agent();
  master_->start(group_of(1, {"exec sleep 1000"}));
  wait_until_running(1);
  disk_.fill();
  master_->die();
  restart_master({.epoch = 2});
  master_->wait_for_sessions(++sessions_);
  master_->stop(allocation_ref(1));
  EXPECT_EQ(wait_for_end(1).signal(), SIGTERM);
  agent_.kill_9();
  start_agent();
  EXPECT_EQ(hello(2).highest_epoch(), 2U);
}

// A byte of each record in turn. Nothing runs twice: each run leaves a line.
TEST_F(AgentBadDiskTest, ADamagedJournalKeepsNothingFromStartingAndRunsNothingTwice) {
  const std::string lines = agent_.state_dir() + "/../lines";
  start_agent();
  const std::string gate = pipe_path("gate");
  master_->start(group_of(1, {"echo one >> " + lines}));
  EXPECT_EQ(wait_for_end(1).exit_code(), 0);
  master_->start(group_of(2, {"echo two >> " + lines + "; read x < " + gate + "; exit 2"}));
  wait_until_running(2);
  agent_.kill_9();

  std::ifstream file(journal(), std::ios::binary);
  const std::string intact{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string> names;
  std::size_t frame = 0;
  int starts = 1;
  for (const core::JournalRecord& record : state::decode(intact).records) {
    const std::size_t length = state::encode(record).size();
    std::string damaged = intact;
    damaged[frame + length / 2] = static_cast<char>(damaged[frame + length / 2] ^ 0x40);
    frame += length;
    std::ofstream(journal(), std::ios::binary) << damaged;
    start_agent();
    const v1::Hello said = hello(++starts);
    EXPECT_THAT(said.degraded(), Contains("journal_damaged"));
    EXPECT_TRUE(names.insert(said.journal_id()).second) << "it goes on under another name";
    agent_.kill_9();
  }
  EXPECT_EQ(frame, intact.size());
  EXPECT_EQ(names.size(), 7U) << "boot, name; accepted and requested twice, ended once";
  EXPECT_FALSE(std::filesystem::is_empty(agent_.state_dir() + "/damaged"));

  // What was running was killed by the agent that did not know it, at the latest.
  std::ifstream written(lines);
  const std::string text{std::istreambuf_iterator<char>(written), {}};
  EXPECT_EQ(text, "one\ntwo\n");
}

}  // namespace
}  // namespace drover::agent
