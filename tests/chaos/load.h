// Clients that create, deploy and stop at random through connections of their own, and write into
// the ledger what they were told. A request whose answer is lost is noted and not sent again.
#pragma once

#include <atomic>
#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/chaos/ledger.h"
#include "tests/support/http_client.h"

namespace drover::test {

class Load {
 public:
  Load(Ledger& ledger, std::vector<Work> works, std::uint16_t port, std::uint64_t seed,
       int clients = 4);
  ~Load() { finish(); }

  // So many more requests may be sent.
  void allow(int requests) { allowed_ += requests; }
  // None but those that are under way.
  void forbid() { allowed_ = 0; }
  // Whether there is somebody to connect to. Trying where nobody listens would not be harmless: a
  // connection from a port to itself can come about, and keeps the master from its port.
  void set_reachable(bool reachable) { reachable_ = reachable; }
  // Ends the clients, each after the answer that it waits for.
  void finish();

 private:
  struct Client {
    explicit Client(std::uint64_t seed) : random(seed) {}
    std::mt19937_64 random;
    std::unique_ptr<HttpClient> connection;
    std::vector<std::string> lasting;  // its instances that end when they are stopped
    std::string name;
    int created = 0;
  };

  void run(Client& client);
  bool take_one();
  bool connect(Client& client);
  void create(Client& client);
  void deploy(Client& client);
  void stop(Client& client);
  // The body of a success; empty where there was no answer, or a refusal to be tried later.
  std::string post(Client& client, const std::string& path, const std::string& body);

  Ledger& ledger_;
  const std::vector<Work> works_;
  const std::uint16_t port_;
  std::atomic<int> allowed_{0};
  std::atomic<bool> reachable_{true};
  std::atomic<bool> finishing_{false};
  std::vector<std::thread> threads_;
};

}  // namespace drover::test
