// Clients that ask the same server again and again.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/support/http_load.h"

namespace drover::bench {

struct QueryTurn {
  double per_second = 0;
  double server_cpu = 0;   // microseconds for each, of this process but for the thread that asks
  double client_cpu = 0;   // the same of that thread
  double client_busy = 0;  // of its time; 1: it is what limits
};

// Keep-alive connections, each with one request under way, of the thread that calls.
class QueryLoad {
 public:
  // Each client asks the next of `requests` in turn.
  QueryLoad(std::uint16_t port, std::size_t clients, std::vector<std::string> requests);

  // What it asks is served by this very process.
  QueryTurn run(std::chrono::milliseconds time);

 private:
  void ask(std::size_t client);

  std::vector<std::string> requests_;
  std::size_t next_ = 0;
  std::vector<KeepAliveConnection> clients_;
  Readiness readiness_;
};

}  // namespace drover::bench
