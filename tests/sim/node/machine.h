// One machine of the cluster: its clocks, its disk, and its way to the master.
#pragma once

#include <cstdint>
#include <string>

#include "tests/sim/base/clock.h"
#include "tests/sim/disk/agent_disk.h"
#include "tests/sim/network/network.h"

namespace drover::sim {

struct Machine {
  Machine(std::uint32_t the_number, std::uint64_t seed)
      : number(the_number), random(seed, "machine " + std::to_string(the_number)), clock(random) {
    local.least_delay = 0;
    local.most_delay = 1;
    local.pings = false;
  }

  std::string name() const { return "n" + std::to_string(number); }
  std::uint32_t cpu_count() const { return 2 + number % 3; }
  std::uint64_t memory_bytes() const { return (4 + number % 2 * 4ULL) << 30; }
  std::string zone() const { return number % 2 == 0 ? "even" : "odd"; }
  std::string boot_id() const { return name() + " boot " + std::to_string(boots); }

  const std::uint32_t number;
  Random random;
  Clock clock;
  AgentDisk disk;
  Path to_master;
  Path local;
  std::uint32_t boots = 1;
  bool up = true;
  std::string refuses_work;  // why it takes none
};

}  // namespace drover::sim
