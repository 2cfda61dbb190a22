// What every part of the simulated world is given.
#pragma once

#include <cstdint>

#include "tests/sim/base/events.h"
#include "tests/sim/base/instance_ids.h"
#include "tests/sim/base/trace.h"
#include "tests/sim/network/network.h"

namespace drover::sim {

class Oracle;

struct Context {
  Events& events;
  Trace& trace;
  Network& network;
  Oracle& oracle;
  InstanceIds& instance_ids;
  const std::uint64_t seed;
};

}  // namespace drover::sim
