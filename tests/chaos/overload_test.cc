// More clients than the master has room for, all at once, while its disk stands still: those beyond
// the inbox are turned away with nothing done and told when to come again, the others have what
// they were promised, and nothing that agents report is lost.
#include <poll.h>
#include <sys/resource.h>

#include <algorithm>

#include "common/limits.h"
#include "tests/chaos/chaos_test.h"
#include "tests/chaos/held_disk.h"
#include "tests/support/process.h"

namespace drover::test {
namespace {

constexpr int kAgents = 3;
constexpr std::size_t kRefused = 500;  // at least
constexpr std::size_t kClients = limits::kInboxCommands + kRefused;
constexpr std::size_t kDeployEvery = 20;  // the other clients create templates
constexpr std::size_t kFilesEnough = 3 * kClients;
static_assert(kClients < limits::kHttpConnections, "the connections must not be what is refused");

// Rooms for the connections of this process; the master starts with the same limit.
bool may_open_enough() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_max < kFilesEnough) return false;
  files.rlim_cur = std::max<rlim_t>(files.rlim_cur, kFilesEnough);
  return ::setrlimit(RLIMIT_NOFILE, &files) == 0;
}

struct HasDisk {
  TempDir disk_directory_;
  const std::string disk_path_ = disk_directory_ / "held";
  HeldDisk* const disk_ = HeldDisk::map(disk_path_.c_str());
};

class Overload : private HasDisk, public ChaosTest {
 protected:
  Overload() : ChaosTest(preloaded(DROVER_HELD_DISK, "DROVER_TEST_HELD_DISK", disk_path_)) {}
  ~Overload() override { disk_->held = false; }

  void SetUp() override {
    if (!may_open_enough()) GTEST_SKIP() << "not allowed to open " << kFilesEnough << " files";
    start(kAgents);
  }

  // One client with one wish.
  struct Client {
    std::unique_ptr<HttpClient> connection;
    const Work* work = nullptr;  // to deploy; null: to create what follows
    std::string name;
    std::string document;

    void send() const {
      const std::string body = work == nullptr ? document : R"({"name":")" + work->name + R"("})";
      const char* path = work == nullptr ? "/api/task/task_group" : "/api/task/task_group/deploy";
      EXPECT_TRUE(connection->send(connection->request("POST", path, body)));
    }
  };

  std::vector<Client> come(int round) const {
    std::vector<Client> clients(kClients);
    for (std::size_t number = 0; number < kClients; ++number) {
      Client& client = clients[number];
      client.connection = std::make_unique<HttpClient>(cluster_.http_port());
      if (number % kDeployEvery == 0) client.work = &oracle_.works().front();
      client.name = "round " + std::to_string(round) + " client " + std::to_string(number);
      client.document =
          R"({"name":")" + client.name +
          R"(","task_groups":[{"tasks":[{"name":"t","config":{"command":"true"}}]}]})";
    }
    return clients;
  }
  static std::size_t answered(const std::vector<Client>& clients) {
    std::vector<pollfd> sockets;
    for (const Client& client : clients) {
      sockets.push_back({client.connection->fd(), POLLIN, 0});
    }
    return static_cast<std::size_t>(::poll(sockets.data(), sockets.size(), 0));
  }
  // Reads the answer. False: it was turned away, as it has to be.
  bool is_served(const Client& client) {
    const auto answer = client.connection->read();
    if (!answer) {
      ADD_FAILURE() << client.name << " has no answer";
      return true;
    }
    if (answer->status == 503) {
      EXPECT_EQ("overloaded", answer->code());
      EXPECT_EQ(std::to_string(limits::kRetryAfterSeconds), answer->header("retry-after"));
      return false;
    }
    EXPECT_EQ(200, answer->status) << answer->body;
    if (client.work == nullptr) {
      oracle_.ledger().created(client.name, client.document);
    } else {
      oracle_.ledger().deployed(answer->body.substr(7, 36), *client.work);
    }
    return true;
  }

  // Tasks that end while nothing can be written, so that their ends have to wait.
  void deploy_brief(int count) {
    const Work& work = oracle_.works().front();
    for (int number = 0; number < count; ++number) {
      oracle_.ledger().deployed(cluster_.deploy(work.name), work);
    }
  }
  std::size_t ends() const {
    const auto marks = read_marks(oracle_.marks());
    return static_cast<std::size_t>(std::count_if(
        marks.begin(), marks.end(), [](const Mark& mark) { return mark.what == Mark::What::end; }));
  }

  void overload(int round) {
    constexpr int kBrief = 20;
    std::vector<Client> clients = come(round);
    const std::size_t ended = ends();
    deploy_brief(kBrief);
    disk_->held = true;
    // The first command makes the engine wait for the disk; what comes now fills the inbox.
    clients.back().send();
    EXPECT_TRUE(eventually([&] { return disk_->waiting > 0; }));
    for (std::size_t number = 0; number + 1 < kClients; ++number) clients[number].send();
    EXPECT_TRUE(eventually([&] { return answered(clients) + 1 >= kRefused; }))
        << answered(clients) << " clients were answered";
    // What the agents were told before goes on.
    EXPECT_TRUE(eventually([&] { return ends() >= ended + kBrief; }));
    EXPECT_EQ(503, cluster_.get("/readyz").status);
    disk_->held = false;

    std::vector<Client*> refused;
    for (Client& client : clients) {
      if (!is_served(client)) refused.push_back(&client);
    }
    EXPECT_GE(refused.size() + 1, kRefused);
    EXPECT_LT(refused.size(), kClients);
    // Nothing was done for them, and they are as welcome as before, on the same connection.
    for (Client* client : refused) {
      if (client->work == nullptr) {
        EXPECT_EQ(404,
                  cluster_.post("/api/task/query", R"({"name":")" + client->name + "\"}").status);
      }
      client->send();
      EXPECT_TRUE(is_served(*client)) << client->name;
    }
  }

  // The most memory that the master has had, in KiB.
  long peak_kib() {
    const std::string status =
        read_proc("/proc/" + std::to_string(cluster_.master().pid()) + "/status");
    const std::size_t place = status.find("VmHWM:");
    return place == std::string::npos ? 0 : std::stol(status.substr(place + 6));
  }
};

TEST_F(Overload, IsRefusedAndLosesNothing) {
  overload(0);
  const long first = peak_kib();
  for (int round = 1; round < 3 && !HasFailure(); ++round) overload(round);
  const long last = peak_kib();
  std::printf("the master's memory at its highest: %ld KiB after one round, %ld after three\n",
              first, last);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  // Two more rounds leave 9,000 templates and their like; waiting clients leave nothing.
  EXPECT_LT(last, first + 40 * 1024);
#endif
  finish(Losses::illegal);
}

}  // namespace
}  // namespace drover::test
