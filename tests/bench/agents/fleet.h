// Many simulated nodes in one thread: one completion queue serves the connections of all of them,
// and one list of deadlines says whose turn it is.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "tests/bench/agents/counters.h"
#include "tests/bench/agents/node.h"
#include "tests/bench/agents/settings.h"

namespace drover::bench {

class Fleet {
 public:
  explicit Fleet(Settings settings);
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;
  ~Fleet();  // leave() has been called

  // Serves connections and deadlines until this time at the latest, and at least once.
  void serve(std::int64_t until_steady_ms);

  // Ends all sessions: with a goodbye, as agents that are stopped do, or without a word.
  enum class Leave { with_goodbye, silently };
  void leave(Leave how);

  const Counters& counters() const { return counters_; }

 private:
  void turn(std::uint32_t number);
  bool serve_completions(std::int64_t until_steady_ms);
  bool serve_deadlines();
  // Deals with one completion, if there is one by then.
  enum class Served { one, none, at_end };
  Served serve_queue(std::int64_t until_steady_ms);
  bool all_over();

  const Settings settings_;
  Counters counters_;
  Gate gate_;
  std::minstd_rand random_;
  grpc::CompletionQueue queue_;
  const Exchange exchange_;
  const Surroundings surroundings_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::set<std::pair<std::int64_t, std::uint32_t>> deadlines_;  // steady ms, one for each node
  std::vector<std::int64_t> deadline_of_;                       // as it is in deadlines_
  std::vector<std::uint32_t> woken_;
  bool left_ = false;
};

}  // namespace drover::bench
