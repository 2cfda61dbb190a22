// Stops at every moment of an instance's life, from its placement to its last second of grace,
// while master and agents restart and clients go on. A stop that was acknowledged is final.
#include <algorithm>
#include <csignal>
#include <functional>
#include <thread>

#include "tests/chaos/chaos_test.h"
#include "tests/support/http_client.h"
#include "tests/support/process.h"

namespace drover::test {
namespace {

constexpr int kAgents = 3;
const std::string kStop = "/api/task/task_group/stop";

class Stops : public ChaosTest {
 protected:
  // All answered.
  std::vector<std::string> deploy(const std::string& name, int count) {
    std::vector<std::string> ids;
    for (int number = 0; number < count; ++number) {
      ids.push_back(cluster_.deploy(name));
      oracle_.ledger().deployed(ids.back(), work(name));
    }
    return ids;
  }
  // Of each, a process has come to be.
  void await_begun(const std::vector<std::string>& ids) const {
    for (const std::string& id : ids) {
      EXPECT_TRUE(eventually([&] { return !processes_with("DROVER_INSTANCE_ID=" + id).empty(); }))
          << id;
    }
  }
  void stop(const std::string& id) {
    oracle_.ledger().stop_asked(id);
    cluster_.stop(id);
    oracle_.ledger().stop_acknowledged(id);
  }
  void stop(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) stop(id);
  }
  // Each once on one connection, for as long as there is anybody at its other end.
  void stop_while_answered(std::uint16_t port, const std::vector<std::string>& ids) {
    HttpClient client(port, "127.0.0.1", HttpClient::Refusal::is_expected);
    for (const std::string& id : ids) {
      oracle_.ledger().stop_asked(id);
      const auto answer =
          client.connected() ? client.post(kStop, R"({"id":")" + id + R"("})") : std::nullopt;
      if (!answer) return;
      EXPECT_EQ(200, answer->status) << answer->body;
      oracle_.ledger().stop_acknowledged(id);
    }
  }
  void restart_master() {
    cluster_.master().kill();
    load_->set_reachable(false);
    cluster_.start_master();
    load_->set_reachable(true);
  }
  void restart_agent(int number) {
    cluster_.agent(number).kill();
    cluster_.start_agent(number);
  }
  void restart_agents() {
    for (int number = 0; number < kAgents; ++number) restart_agent(number);
  }
  void let_some_ms_pass(int most) { let_pass(std::chrono::milliseconds(chance(most))); }

  // --- The moments ---
  void right_after_deploy() {
    for (int time = 0; time < 10; ++time) stop(deploy(time % 2 == 0 ? "lasting" : "deaf", 1));
  }
  void during_start() {
    for (int time = 0; time < 10; ++time) {
      const auto ids = deploy("lasting", 2);
      let_some_ms_pass(15);
      stop(ids);
    }
  }
  void by_two_at_once() {
    const auto ids = deploy("lasting", 10);
    std::thread other([&] { stop(ids); });
    stop(ids);
    other.join();
  }
  void during_grace() {
    const auto ids = deploy("deaf", 6);
    await_begun(ids);
    stop(ids);
    let_some_ms_pass(100);
    restart_agent(chance(kAgents - 1));
    stop(ids);
  }
  void while_the_master_restarts() {
    const auto ids = deploy("lasting", 12);
    std::thread stopper([&, port = cluster_.http_port()] { stop_while_answered(port, ids); });
    let_some_ms_pass(8);
    restart_master();
    stopper.join();
    stop(ids);
  }
  void while_an_agent_is_frozen() {
    const int frozen = chance(kAgents - 1);
    const auto running = deploy("lasting", 6);
    await_begun(running);
    cluster_.agent(frozen).signal(SIGSTOP);
    const auto starting = deploy("lasting", 6);
    stop(running);
    stop(starting);
    if (chance(1) == 0) restart_master();
    cluster_.agent(frozen).signal(SIGCONT);
  }
  void while_agents_restart_in_a_batch() {
    std::vector<std::string> ids;
    std::thread client([&] { ids = deploy("lasting", 30); });
    let_some_ms_pass(30);
    restart_agents();
    client.join();
    std::thread stopper([&] { stop(ids); });
    let_some_ms_pass(10);
    restart_agents();
    stopper.join();
  }
  void while_its_template_is_made_again() {
    const std::string& document = work("lasting").document;
    std::string other = document;
    other.replace(other.rfind("sleep 600"), 9, "sleep 601");
    std::thread creator([&] {
      for (int time = 0; time < 10; ++time) {
        cluster_.create(document);
        EXPECT_EQ(409, cluster_.post("/api/task/task_group", other).status);
      }
    });
    for (int time = 0; time < 10; ++time) stop(deploy("lasting", 1));
    creator.join();
  }

  const Work& work(const std::string& name) const {
    return *std::find_if(oracle_.works().begin(), oracle_.works().end(),
                         [&](const Work& work) { return work.name == name; });
  }
};

TEST_F(Stops, AreFinalAtEveryMoment) {
  // Before there is any node, and the master restarts before there is one.
  cluster_.start_master();
  oracle_.create_works(cluster_);
  const auto early = deploy("lasting", 5);
  stop(early);
  start(kAgents);

  using Moment = std::pair<const char*, std::function<void()>>;
  std::vector<Moment> moments{
      {"right after deploy", [this] { right_after_deploy(); }},
      {"during start", [this] { during_start(); }},
      {"by two at once", [this] { by_two_at_once(); }},
      {"during grace", [this] { during_grace(); }},
      {"while the master restarts", [this] { while_the_master_restarts(); }},
      {"while an agent is frozen", [this] { while_an_agent_is_frozen(); }},
      {"while agents restart in a batch", [this] { while_agents_restart_in_a_batch(); }},
      {"while its template is made again", [this] { while_its_template_is_made_again(); }},
  };
  for (int round = 0; round < 2; ++round) {
    std::shuffle(moments.begin(), moments.end(), random_);
    for (const auto& [name, happens] : moments) {
      SCOPED_TRACE(name);
      load_->allow(20);
      happens();
      if (HasFailure()) return;
    }
  }
  finish(Losses::illegal);
  for (const Mark& mark : read_marks(oracle_.marks())) {
    EXPECT_EQ(0, std::count(early.begin(), early.end(), mark.instance))
        << "it was stopped before there was a node, and has begun: " << mark.instance;
  }
}

}  // namespace
}  // namespace drover::test
