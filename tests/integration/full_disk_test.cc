// The disk under the real master runs full while clients are at work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "tests/support/cluster.h"
#include "tests/support/small_disk.h"

namespace drover::test {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kDiskBytes = 32 << 20;
constexpr std::uint64_t kRoom = 3 << 20;  // for the load
constexpr std::size_t kTemplateBytes = 50'000;
constexpr int kClients = 4;

class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.problem().empty()) GTEST_SKIP() << disk_.problem();
    cluster_.start_master();
    cluster_.start_agent(0);
    cluster_.await_online(1);
  }

  static std::string word(const Reply& reply, const char* member) {
    boost::system::error_code bad;
    const boost::json::value body = boost::json::parse(reply.body, bad);
    if (bad || !body.is_object() || !body.as_object().contains(member)) return reply.body;
    return std::string(body.at(member).as_string());
  }
  static std::string code(const Reply& reply) { return word(reply, "code"); }

  static std::string named(const std::string& name) { return R"({"name":")" + name + R"("})"; }
  static std::string with_id(const std::string& id) { return R"({"id":")" + id + R"("})"; }
  static std::string large_template(const std::string& name) {
    return R"({"name":")" + name +
           R"(","task_groups":[{"tasks":[{"name":"t","config":{"command":")" + "true # " +
           std::string(kTemplateBytes, 'x') + R"("}}]}]})";
  }

  // Creates and deploys until the master refuses, and remembers what it acknowledged.
  void load(int client) {
    for (int number = 0;; ++number) {
      const std::string name = std::to_string(client) + "-" + std::to_string(number);
      const Reply created = cluster_.post("/api/task/task_group", large_template(name));
      if (created.status != 200) return refused(created);
      acknowledge(templates_, name);
      const Reply deployed = cluster_.post("/api/task/task_group/deploy", named(name));
      if (deployed.status != 200) return refused(deployed);
      acknowledge(instances_, word(deployed, "id"));
    }
  }
  void acknowledge(std::set<std::string>& kind, const std::string& name) {
    const std::lock_guard lock(mutex_);
    kind.insert(name);
  }
  void refused(const Reply& reply) {
    EXPECT_EQ(503, reply.status) << reply.body;
    const std::lock_guard lock(mutex_);
    refusals_.push_back(code(reply));
  }

  void run_full() {
    disk_.fill(kRoom);
    std::vector<std::thread> clients;
    for (int client = 0; client < kClients; ++client) {
      clients.emplace_back([this, client] { load(client); });
    }
    for (std::thread& client : clients) client.join();
    EXPECT_FALSE(templates_.empty());
    EXPECT_EQ(std::size_t{kClients}, refusals_.size());
    EXPECT_LE(1, std::count(refusals_.begin(), refusals_.end(), "store_failed"));
  }

  void expect_all_acknowledged() const {
    for (const std::string& name : templates_) {
      EXPECT_EQ(200, cluster_.post("/api/task/query", named(name)).status) << name;
    }
    for (const std::string& id : instances_) {
      EXPECT_EQ(200, cluster_.get("/api/v1/instances/" + id).status) << id;
    }
  }

  // A task that writes its pid and runs until it is told to end with `touch`.
  std::string long_task(const std::string& name) const {
    return "echo $$ > " + path(name + ".new") + " && mv " + path(name + ".new") + " " +
           path(name + ".pid") + "; while [ ! -e " + path(name) + " ]; do sleep 0.02; done; exit 3";
  }
  std::string path(const std::string& name) const { return cluster_.directory() + "/" + name; }
  pid_t await_pid(const std::string& name) const {
    EXPECT_TRUE(eventually([&] { return std::filesystem::exists(path(name + ".pid")); }));
    pid_t pid = -1;
    std::ifstream(path(name + ".pid")) >> pid;
    return pid;
  }
  std::string state(const std::string& id) const {
    return word(cluster_.get("/api/v1/instances/" + id), "state");
  }

  Cluster cluster_;
  SmallDisk disk_{cluster_.directory() + "/master", kDiskBytes};
  std::mutex mutex_;
  std::set<std::string> templates_;
  std::set<std::string> instances_;
  std::vector<std::string> refusals_;
};

TEST_F(FullDisk, NothingAcknowledgedIsLostAndReadsAndStopsAreServed) {
  cluster_.create("stopped", long_task("stopped"));
  cluster_.create("ends", long_task("ends"));
  const std::string stopped = cluster_.deploy("stopped");
  const std::string ends = cluster_.deploy("ends");
  const pid_t stopped_pid = await_pid("stopped");
  const pid_t ends_pid = await_pid("ends");
  cluster_.await_status(stopped, 0);
  cluster_.await_status(ends, 0);

  run_full();
  EXPECT_EQ("read_only", code(cluster_.post("/api/task/task_group", large_template("more"))));
  EXPECT_EQ("read_only", code(cluster_.post("/api/task/task_group/deploy", named("ends"))));
  expect_all_acknowledged();
  EXPECT_EQ(0, cluster_.status(ends));
  EXPECT_EQ(200, cluster_.get("/healthz").status);
  EXPECT_EQ(503, cluster_.get("/readyz").status);
  const Reply cluster = cluster_.get("/api/v1/cluster");
  EXPECT_EQ("read_only", word(cluster, "state"));
  EXPECT_THAT(word(cluster, "reason"), HasSubstr("No space left on device"));
  const auto said = cluster_.master().await_line("read-only: the store failed");
  ASSERT_TRUE(said);
  EXPECT_THAT(*said, HasSubstr("No space left on device"));

  EXPECT_EQ("stop_not_recorded",
            code(cluster_.post("/api/task/task_group/stop", with_id(stopped))));
  EXPECT_TRUE(eventually([&] { return !process_exists(stopped_pid); }));
  std::ofstream(path("ends")) << "";
  EXPECT_TRUE(eventually([&] { return !process_exists(ends_pid); }));
  // The report of that end is not acknowledged, and the node is not lost.
  EXPECT_EQ("running", state(ends));
  EXPECT_EQ(0, cluster_.nodes().at(0).second);

  cluster_.master().kill();
  disk_.make_room();
  cluster_.start_master();
  expect_all_acknowledged();
  cluster_.await_online(1);
  cluster_.await_status(ends, 1);
  EXPECT_EQ("failed", state(ends));
  cluster_.await_status(stopped, 1);
  EXPECT_EQ("failed", state(stopped));  // by a signal: that it was wished is not recorded
  cluster_.create("more", "true");
}

TEST_F(FullDisk, AReadOnlyMasterStopsCleanlyAndDoesNotStartWithoutRoom) {
  run_full();
  cluster_.master().signal(SIGTERM);
  EXPECT_EQ(0, cluster_.master().wait()) << cluster_.log_tails();

  disk_.fill();
  cluster_.launch_master();
  EXPECT_EQ(1, cluster_.master().wait());
  EXPECT_TRUE(cluster_.master().await_line("No space left on device"));

  disk_.make_room();
  cluster_.start_master();
  expect_all_acknowledged();
}

}  // namespace
}  // namespace drover::test
