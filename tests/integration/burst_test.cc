// Many deploys through many connections, the master killed in the middle: what was acknowledged
// reaches its end exactly once.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "tests/support/cluster.h"
#include "tests/support/http_client.h"

namespace drover::test {
namespace {

constexpr int kDeploys = 1000;
constexpr int kConnections = 32;
constexpr int kKillAfter = 400;

// What every client was told.
class Acknowledged {
 public:
  void add(std::string id) {
    const std::lock_guard lock(mutex_);
    ids_.insert(std::move(id));
  }
  std::set<std::string> ids() const {
    const std::lock_guard lock(mutex_);
    return ids_;
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> ids_;
};

// Deploys until the count is reached; a broken connection is made anew, a lost answer is not asked
// for again.
void deploy_many(std::uint16_t port, std::atomic<int>& left, Acknowledged& acknowledged) {
  std::unique_ptr<HttpClient> client;
  while (left.load() > 0) {
    if (!client) {
      client = std::make_unique<HttpClient>(port, "127.0.0.1", HttpClient::Refusal::is_expected);
    }
    const auto response = client->connected()
                              ? client->post("/api/task/task_group/deploy", R"({"name":"burst"})")
                              : std::nullopt;
    if (response && response->status == 200) {
      acknowledged.add(response->body.substr(7, 36));
      --left;
    } else {
      client.reset();
      std::this_thread::yield();
    }
  }
}

TEST(Burst, EveryAcknowledgedInstanceEndsExactlyOnceThoughTheMasterIsKilled) {
  Cluster cluster;
  cluster.start_master();
  for (int agent = 0; agent < 3; ++agent) cluster.start_agent(agent);
  cluster.await_online(3);
  const std::string ran = cluster.directory() + "/ran";
  cluster.create("burst", "sleep 0.1; echo $DROVER_INSTANCE_ID >> " + ran);

  std::atomic<int> left{kDeploys};
  Acknowledged acknowledged;
  std::vector<std::thread> clients;
  for (int connection = 0; connection < kConnections; ++connection) {
    clients.emplace_back([&] { deploy_many(cluster.http_port(), left, acknowledged); });
  }
  EXPECT_TRUE(eventually([&] { return left.load() <= kDeploys - kKillAfter; }));
  cluster.master().kill();
  cluster.start_master();
  for (std::thread& client : clients) client.join();

  const std::set<std::string> ids = acknowledged.ids();
  ASSERT_GE(ids.size(), static_cast<std::size_t>(kDeploys));
  for (const std::string& id : ids) cluster.await_status(id, 1);

  std::map<std::string, int> runs;
  std::ifstream file(ran);
  for (std::string line; std::getline(file, line);) ++runs[line];
  for (const std::string& id : ids) EXPECT_EQ(1, runs[id]) << "instance " << id;
  // A deploy whose answer was lost with the master may have run, but once.
  for (const auto& [id, count] : runs) EXPECT_EQ(1, count) << "instance " << id;
}

}  // namespace
}  // namespace drover::test
