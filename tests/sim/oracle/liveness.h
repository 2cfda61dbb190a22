// 14 and 8: once nothing goes wrong any more, within a bound every instance runs, is over, or says
// why it waits; and what the machines do, what the agents say and what the master says is the same.
// Then everything is stopped, and nothing may be left anywhere.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/base/events.h"

namespace drover::sim {

class World;

class Liveness {
 public:
  explicit Liveness(World& world) : world_(world) {}

  struct Stage {
    Time length = 0;
    std::function<void()> begin;
    std::function<void()> check;  // at its end
  };
  std::vector<Stage> stages();

 private:
  std::set<std::string> disagreements() const;
  void find_disagreements(const std::string& node, std::set<std::string>& found) const;
  void check_agreement();
  void check_progress();
  void check_nothing_left();

  World& world_;
  std::set<std::string> before_;
};

}  // namespace drover::sim
