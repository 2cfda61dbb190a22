// Bugs that the simulator plants on purpose, to show that it would find them. In every program but
// the simulator, planted() is a constant false and nothing is left of its uses.
#pragma once

#include <cstdint>

namespace drover {

// Each says what goes wrong. tests/sim/README.md says what catches it.
enum class PlantedBug : std::uint8_t {
  none,
};

#ifdef DROVER_SIMULATOR
// Set by the simulator, before anything runs. One at a time.
inline PlantedBug planted_bug = PlantedBug::none;
inline bool planted(PlantedBug bug) { return planted_bug == bug; }
#else
constexpr bool planted(PlantedBug) { return false; }
#endif

}  // namespace drover
