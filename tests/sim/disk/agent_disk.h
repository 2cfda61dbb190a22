// What an agent's state directory holds, as bytes. It survives every process; a machine that loses
// its power may lose what nobody has synced.
#pragma once

#include <optional>
#include <string>

#include "common/ids.h"
#include "tests/sim/base/random.h"

namespace drover::sim {

struct AgentDisk {
  NodeId node;
  std::string secret;
  Epoch epoch;                         // synced
  std::optional<std::string> journal;  // in the page cache

  bool full = false;
  std::size_t reserve = 0;  // beyond the journal's end, for what must be written

  // The power goes: the journal's end was never written.
  void lose_power(Random& random) {
    if (!journal || !random.chance(0.5)) return;
    journal->resize(random.below(journal->size() + 1));
  }
};

}  // namespace drover::sim
