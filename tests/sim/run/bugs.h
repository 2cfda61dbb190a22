// The bugs that can be planted, by their names, and where the simulator finds each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/planted_bug.h"

namespace drover::sim {

struct Bug {
  PlantedBug bug;
  const char* name;
  std::uint64_t seed;  // one that catches it; kept for the test
};

const std::vector<Bug>& bugs();
// None: no bug of this name.
PlantedBug bug_named(const std::string& name);

}  // namespace drover::sim
