// What the oracle is told: what really happened, whatever any program believes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/ids.h"
#include "master/core/outcome.h"
#include "tests/sim/base/events.h"

namespace drover::sim {

// How a process really ended.
struct RealEnd {
  enum class Kind : std::uint8_t { exited, signalled, not_spawned };
  Kind kind = Kind::exited;
  int code = 0;
  bool by_supervisor_death = false;  // nobody was left to learn of it
};

// One attempt, as the machines saw it.
struct RealAttempt {
  AttemptId id;
  std::uint32_t machine = 0;
  std::uint32_t starts = 0;  // must be 1
  Time began = 0;
  std::optional<Time> ended;
  RealEnd end;
};

// A process is about to be, or has been.
struct ProcessBegan {
  AttemptId id;
  std::uint32_t machine = 0;
};
struct ProcessEnded {
  AttemptId id;
  std::uint32_t machine = 0;
  RealEnd end;
};

}  // namespace drover::sim
