#include "tests/sim/world/world.h"

#include <utility>

#include "tests/sim/faults/faults.h"
#include "tests/sim/oracle/liveness.h"

namespace drover::sim {
namespace {

std::uint32_t agents_of(const Options& options) {
  if (options.agents) return *options.agents;
  return static_cast<std::uint32_t>(Random(options.seed, "size").between(1, 8));
}

}  // namespace

World::World(const Options& options)
    : options_(options),
      events_(options.seed),
      trace_(events_, options.keep_trace),
      network_(events_, options.seed),
      instance_ids_(events_),
      context_{events_, trace_, network_, oracle_, instance_ids_, options.seed},
      master_(context_, core::Settings{}),
      client_(context_, master_, options.schedules) {
  oracle_.watch(context_);
  oracle_.master_clock_set(master_.clock().unix_ms(0));
  for (std::uint32_t number = 1; number <= agents_of(options); ++number) {
    nodes_.push_back(std::make_unique<Node>(context_, number, master_));
    oracle_.know_machine(number, nodes_.back()->machine().disk.node);
  }
  faults_ = std::make_unique<Faults>(*this);
}

World::~World() = default;

bool World::run_until(Time time) {
  while (!oracle_.violation() && events_.step(time)) {
  }
  return !oracle_.violation();
}

Outcome World::run() {
  trace_.note("world", "seed " + std::to_string(options_.seed) + ", " +
                           std::to_string(nodes_.size()) + " agents");
  master_.start();
  for (const auto& node : nodes_) node->start_agent();
  client_.start();
  if (options_.faults) faults_->begin();
  if (run_until(options_.safety_ms)) {
    faults_->end();
    client_.rest();
    Liveness liveness(*this);
    for (const Liveness::Stage& stage : liveness.stages()) {
      stage.begin();
      if (!run_until(events_.now() + stage.length)) break;
      stage.check();
      if (oracle_.violation()) break;
    }
  }
  trace_.note("world", "ends");
  return {trace_.hash(), oracle_.violation(), events_.now(), events_.count(), faults_->counts()};
}

}  // namespace drover::sim
