// The life of one copy of a group, as one table: every phase, every event, and what is done.
//
// Problem: a stop, a silent node, a node that returns, a restart of the master or of a machine can
// come at any moment, in any order, and whoever writes one of them down rarely thinks of all the
// others.
//
// Solution: whatever happens to a copy is one of the events below, however it stood is one of the
// phases, and decide() has an answer for each pair. README.md shows the same table.
#pragma once

#include <cstdint>

#include "common/ids.h"
#include "master/core/records.h"

namespace drover::core {

enum class Phase : std::uint8_t {
  waiting,           // no node yet
  starting,          // placed; its node has reported nothing of it
  running,           // its node has reported attempts
  stopping,          // placed, and wished to end
  unknown,           // its node is offline
  unknown_stopping,  // the same, and wished to end
  standby,           // its node is offline, and another copy stands in for it
  ended,             // over, or no copy of the group any more
};
inline constexpr std::size_t kPhases = 8;

enum class Event : std::uint8_t {
  stop_wished,
  reported,           // its node says how attempts of it stand
  node_silent,        // the node's lease has run out, or the agent said goodbye
  held,               // the node is back and holds it
  missing,            // the node is back, has not been restarted, and does not hold it
  missing_forgotten,  // the node is back, may have forgotten it, and does not hold it
  timed_out,          // the node has been offline for as long as the group allows
};
inline constexpr std::size_t kEvents = 7;

enum class Action : std::uint8_t {
  nothing,
  end_unstarted,  // over: it never started
  tell_stop,      // the node is told to end it
  apply,          // what is reported counts
  apply_stop,     // the same, and the node is told again to end it
  make_unknown,
  start_again,    // the start has never arrived; it is sent again
  start_or_lose,  // the same if nothing was reported of it; otherwise it is lost
  lose,           // over: nobody will ever know how it ended
  lose_reported,  // the same if anything was reported of it; otherwise it never started
  take_over,      // it goes on in place of the copy that stood in for it, unless it has failed
  drop,           // it does not come back any more
  remove,         // the node is told to kill and forget it
};

// The whole table. Pure.
Action decide(Phase phase, Event event);

const char* to_string(Phase phase);
const char* to_string(Event event);
const char* to_string(Action action);

// The phase of an allocation that is the group's present copy.
Phase phase_of(const Allocation& allocation, bool stop_wished);

}  // namespace drover::core
