// Templates that are deployed by themselves. When one is due is not for the core to know: it is
// told, as often as anybody likes, and sees to it that nothing is run twice.
#pragma once

#include "master/core/edit.h"

namespace drover::core {

// Whether a last run lies so far after `now`, by the wall clock, that the clock which it was run by
// must have been wrong: by more than limits::kClockError.
bool is_ahead_of(UnixMs last_run, UnixMs now);

// Does nothing where that time, or a later one, was run or left out before. Otherwise it is
// recorded in the same step as the instance that is made; none is made, by the template's wish,
// while one that its schedule has made has not ended.
void run_schedule(Edit& edit, const RunSchedule& command);

}  // namespace drover::core
