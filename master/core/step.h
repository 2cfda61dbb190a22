// The core: one pure step.
#pragma once

#include "master/core/command.h"
#include "master/core/outcome.h"
#include "master/core/state.h"

namespace drover::core {

// Applies `command` to `state` and says what has to happen. No I/O, no clock, no randomness, no
// other input: the same state, command and moment give the same outcome.
// The outcome's messages and reply may be released only after its changes are durable.
Outcome step(State& state, const Command& command, const Moment& now);

}  // namespace drover::core
