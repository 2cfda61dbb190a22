// Tasks a second through all of Drover, and the same without it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "tests/bench/support/http_load.h"
#include "tests/bench/support/local_cluster.h"

namespace drover::bench {

// How many ended, in which time, and what that cost.
struct Turn {
  double tasks_per_second = 0;
  std::uint64_t tasks = 0;
  double seconds = 0;
  Costs costs;
};

// Several of them.
struct Turns {
  std::vector<double> rates;
  double tasks = 0;
  double seconds = 0;
  Costs costs;

  void add(const Turn& turn);
  // "tasks"; "CPU us each", by program; "cores busy" and "with ours", of all of their time.
  boost::json::object details() const;
};

// Clients that deploy one task again and again, each on a connection of its own and with one
// request under way. One of them deploys as soon as it has its answer and fewer tasks are on their
// way than may be; which have ended is told by the master's stream of events, that is, when it is
// durable.
class DeployLoad {
 public:
  // Makes the template, and runs one task of it.
  DeployLoad(LocalCluster& cluster, std::size_t clients);

  // Deploys for that long, with at most so many tasks on their way, and then waits for those that
  // are. Counts what has ended in that time. Throws where a task does not succeed, or is not told
  // of exactly once.
  Turn run(std::chrono::milliseconds time, std::size_t in_flight);

 private:
  void deploy_on_free(std::size_t in_flight);
  void look(std::chrono::milliseconds most);
  void take_answer(std::size_t client);
  void take_event(std::string_view line);
  void drain();

  LocalCluster& cluster_;
  std::vector<KeepAliveConnection> clients_;
  LineStream events_;
  std::string request_;
  Readiness readiness_;

  std::vector<std::size_t> free_;  // clients without a request
  std::size_t on_their_way_ = 0;
  std::uint64_t ended_ = 0;
  // Those that only one of answer and event has told of.
  std::unordered_set<std::string> answered_;
  std::unordered_set<std::string> told_;
};

struct SpawnTurn {
  double tasks_per_second = 0;
  double cpu_each = 0;  // microseconds
};

// A loop in C with so many in flight, in a process of its own.
SpawnTurn run_spawn_loop(std::chrono::milliseconds time, int in_flight);

}  // namespace drover::bench
