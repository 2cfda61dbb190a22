// The real master takes simulated nodes for real ones.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <csignal>
#include <string>
#include <vector>

#include "tests/support/cluster.h"
#include "tests/support/process.h"

namespace drover::bench {
namespace {

using test::Cluster;
using test::eventually;
using test::Process;

constexpr int kNodes = 12;

class SimulatedNodes : public testing::Test {
 protected:
  void start_master(const std::string& lease = "60s") {
    cluster_.start_master({"--heartbeat-interval", "100ms", "--lease", lease});
  }

  Process start(const std::vector<std::string>& flags = {}) {
    std::vector<std::string> command{DROVER_BENCH_DIR "/drover-bench-agents",
                                     "--agents",
                                     std::to_string(kNodes),
                                     "--master",
                                     "127.0.0.1:" + std::to_string(cluster_.agent_port()),
                                     "--dial-over",
                                     "0s"};
    command.insert(command.end(), flags.begin(), flags.end());
    return Process(command);
  }

  // A copy on each node.
  std::string deploy_everywhere() {
    cluster_.create(R"({"name":"everywhere","task_groups":[{"count":)" + std::to_string(kNodes) +
                    R"(,"tasks":[{"name":"t","config":{"command":"x"}}]}]})");
    return cluster_.deploy("everywhere");
  }

  void await_state(const std::string& id, const std::string& state) const {
    std::string last;
    EXPECT_TRUE(eventually([&] {
      last = cluster_.get("/api/v1/instances/" + id).body;
      return last.find(R"("state":")" + state + '"') != std::string::npos;
    })) << last;
  }

  int online() const {
    int count = 0;
    for (const auto& [ip, status] : cluster_.nodes()) count += status == 0 ? 1 : 0;
    return count;
  }

  Cluster cluster_;
};

TEST_F(SimulatedNodes, TheirTasksEndWithSuccess) {
  start_master();
  Process agents = start({"--task-time", "50ms"});
  cluster_.await_online(kNodes);
  await_state(deploy_everywhere(), "completed");
}

TEST_F(SimulatedNodes, TheirTasksAreStopped) {
  start_master();
  Process agents = start({"--task-time", "forever"});
  cluster_.await_online(kNodes);
  const std::string id = deploy_everywhere();
  await_state(id, "running");
  cluster_.stop(id);
  await_state(id, "stopped");
}

TEST_F(SimulatedNodes, TheirTasksOutliveTheMaster) {
  start_master();
  Process agents = start({"--task-time", "forever"});
  cluster_.await_online(kNodes);
  const std::string id = deploy_everywhere();
  await_state(id, "running");
  cluster_.master().kill();
  start_master();
  cluster_.await_online(kNodes);
  await_state(id, "running");
  agents.signal(SIGUSR1);
  const auto counters = agents.await_line("asked=1 ");
  ASSERT_TRUE(counters);
  EXPECT_EQ(std::to_string(kNodes), test::field(*counters, "started"));
  EXPECT_EQ("0", test::field(*counters, "ended"));
}

TEST_F(SimulatedNodes, SayGoodbye) {
  start_master();
  Process agents = start();
  cluster_.await_online(kNodes);
  agents.signal(SIGTERM);
  EXPECT_EQ(0, agents.wait());
  EXPECT_TRUE(eventually([&] { return online() == 0; })) << "long before their lease is over";
}

TEST_F(SimulatedNodes, VanishAndAreOfflineAfterTheirLease) {
  start_master("1s");
  Process agents = start({"--vanish", "--duration", "500ms"});
  cluster_.await_online(kNodes);
  EXPECT_EQ(0, agents.wait());
  EXPECT_TRUE(eventually([&] { return online() == 0; }));
}

TEST_F(SimulatedNodes, AreTheSameOnesForTheSameSeed) {
  start_master();
  for (int run = 0; run < 2; ++run) {
    Process agents = start({"--seed", "7"});
    cluster_.await_online(kNodes);
  }
  EXPECT_EQ(static_cast<std::size_t>(kNodes), cluster_.nodes().size());
}

}  // namespace
}  // namespace drover::bench
