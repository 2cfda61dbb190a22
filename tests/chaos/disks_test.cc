// The disk of an agent, or of the master, runs full while clients go on, and has room again.
#include <csignal>

#include "tests/chaos/chaos_test.h"
#include "tests/support/process.h"
#include "tests/support/small_disk.h"

namespace drover::test {
namespace {

constexpr int kAgents = 3;
constexpr int kVictim = 0;
constexpr std::uint64_t kAgentBytes = 8 << 20;
constexpr std::uint64_t kMasterBytes = 32 << 20;
constexpr std::uint64_t kRoom = 3 << 20;      // that is left to the master
constexpr std::size_t kLargeBytes = 100'000;  // of a template, to fill it with
constexpr int kRounds = 3;

class Disks : public ChaosTest {
 protected:
  // Before anything starts there. False: there can be none here.
  void start_on_small_disk(const std::string& directory, std::uint64_t bytes) {
    disk_.emplace(directory, bytes);
    if (!disk_->problem().empty()) GTEST_SKIP() << disk_->problem();
    start(kAgents);
    serve(20);
  }
  // Creates templates until the master refuses.
  void create_until_refused(int round) {
    for (int number = 0; number < 1000; ++number) {
      const std::string name = "large " + std::to_string(round) + " " + std::to_string(number);
      const std::string document =
          R"({"name":")" + name +
          R"(","task_groups":[{"tasks":[{"name":"t","config":{"command":"true )" +
          std::string(kLargeBytes, 'x') + R"("}}]}]})";
      const Reply reply = cluster_.post("/api/task/task_group", document);
      if (reply.status != 200) {
        EXPECT_EQ(503, reply.status) << reply.body;
        return;
      }
      oracle_.ledger().created(name, document);
    }
    ADD_FAILURE() << "the disk is not full";
  }
  bool is_ready() const { return cluster_.get("/readyz").status == 200; }

  std::optional<SmallDisk> disk_;
};

TEST_F(Disks, OfAnAgentRunsFullAndItGoesOnWithWhatItHas) {
  start_on_small_disk(cluster_.state_dir(kVictim), kAgentBytes);
  for (int round = 0; round < kRounds && !HasFailure() && !IsSkipped(); ++round) {
    load_->allow(60);
    await_some_moment(30);
    disk_->fill();
    serve(60);
    if (chance(1) == 0) {
      cluster_.agent(kVictim).kill();
      cluster_.start_agent(kVictim);
    }
    serve(40);
    EXPECT_TRUE(cluster_.agent(kVictim).await_line("disk full, no new work is taken"));
    // Two agents take all that comes.
    serve(40);
    disk_->make_room();
    EXPECT_TRUE(cluster_.agent(kVictim).await_line("disk has room again"));
    serve(20);
  }
  if (!IsSkipped()) finish(Losses::legal);
}

TEST_F(Disks, OfTheMasterRunsFullAndWhatItPromisedIsKept) {
  start_on_small_disk(cluster_.directory() + "/master", kMasterBytes);
  for (int round = 0; round < kRounds && !HasFailure() && !IsSkipped(); ++round) {
    serve(chance(100));
    disk_->fill(kRoom);
    load_->allow(300);
    create_until_refused(round);
    EXPECT_FALSE(is_ready());
    serve(20);
    load_->forbid();
    cluster_.master().kill();
    load_->set_reachable(false);
    disk_->make_room();
    cluster_.start_master();
    load_->set_reachable(true);
    EXPECT_TRUE(eventually([&] { return is_ready(); }));
  }
  if (!IsSkipped()) finish(Losses::legal);
}

}  // namespace
}  // namespace drover::test
