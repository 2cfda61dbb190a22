// When the next heartbeat is due. Pure: time and chance are given. One thread.
#pragma once

#include <cstdint>

namespace drover::agent::link {

// Of one session.
class HeartbeatPace {
 public:
  // As the master's welcome says it; 0: it leaves it to this agent. What it asks beyond 50 ms and a
  // minute is taken for those.
  void set_interval(std::int64_t wanted_ms);

  // The one after now, in steady ms: a tenth sooner or later, by `chance` in [0, 1), so that many
  // agents that were welcomed together do not go on together.
  std::int64_t next(std::int64_t steady_ms, double chance) const;

 private:
  std::int64_t interval_ms_ = 0;
};

}  // namespace drover::agent::link
