// A whole cluster from one seed: a master, nodes, clients, what goes wrong, and what watches it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/clients/client.h"
#include "tests/sim/master/master.h"
#include "tests/sim/node/node.h"
#include "tests/sim/oracle/oracle.h"
#include "tests/sim/world/context.h"

namespace drover::sim {

struct Options {
  std::uint64_t seed = 1;
  std::optional<std::uint32_t> agents;  // otherwise the seed decides
  Time safety_ms = 120'000;             // how long things go wrong
  bool faults = true;
  std::set<std::string> without = {};  // these kinds of faults
  bool wall_clocks_jump = true;        // false: the fault happens, and does nothing
  bool schedules = true;               // false: no template is deployed by itself
  bool keep_trace = false;
};

struct Outcome {
  std::uint64_t hash = 0;
  std::optional<Violation> violation;
  Time simulated_ms = 0;
  std::uint64_t events = 0;
  std::map<std::string, std::uint64_t> faults;  // how often each kind has fired
};

class Faults;

class World {
 public:
  explicit World(const Options& options);
  ~World();

  // The whole history. Once.
  Outcome run();

  Context& context() { return context_; }
  Trace& trace() { return trace_; }
  Oracle& oracle() { return oracle_; }
  Master& master() { return master_; }
  Client& client() { return client_; }
  std::vector<std::unique_ptr<Node>>& nodes() { return nodes_; }
  const Options& options() const { return options_; }

 private:
  // Lets things happen until then, or until a promise is broken.
  bool run_until(Time time);

  const Options options_;
  Events events_;
  Trace trace_;
  Network network_;
  InstanceIds instance_ids_;
  Oracle oracle_;
  Context context_;
  Master master_;
  std::vector<std::unique_ptr<Node>> nodes_;
  Client client_;
  std::unique_ptr<Faults> faults_;
};

}  // namespace drover::sim
