// What goes wrong, when, and how often: a schedule from the seed. Each run has a choice of kinds,
// so that some runs are about one thing and others about everything at once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/world/world.h"

namespace drover::sim {

class Faults {
 public:
  explicit Faults(World& world);
  ~Faults();

  // One kind of fault. Fires; false: there was nothing to break.
  struct Kind {
    std::string name;
    std::function<bool(Faults&, Random&)> fire;
  };
  static const std::vector<Kind>& kinds();

  void begin();
  // All is well again from now on.
  void end();

  // How often each kind has fired.
  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

  // --- For the kinds
  World& world() { return world_; }
  Node& any_node(Random& random) { return *random.pick(world_.nodes()); }
  // Makes it well again after a while, or when all faults end.
  void mend_after(Time pause, std::function<void()> mend);
  // Another thing at the same time.
  void after(Time pause, std::function<void()> action);
  bool is_over() const { return over_; }
  // What lives as long as the faults do.
  template <class Thing>
  Thing& keep(std::shared_ptr<Thing> thing) {
    kept_.push_back(thing);
    return *thing;
  }

 private:
  void plan(std::size_t kind, Time mean_pause);

  World& world_;
  bool over_ = false;
  std::vector<Random> random_;  // one for each kind
  std::map<std::string, std::uint64_t> counts_;
  std::map<std::uint64_t, std::function<void()>> mends_;
  std::uint64_t last_mend_ = 0;
  std::vector<std::shared_ptr<void>> kept_;
};

// Each file's kinds.
std::vector<Faults::Kind> master_faults();
std::vector<Faults::Kind> node_faults();
std::vector<Faults::Kind> network_faults();
std::vector<Faults::Kind> hostile_faults();

}  // namespace drover::sim
