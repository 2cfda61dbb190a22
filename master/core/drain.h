// Emptying a node: nothing new is placed there, services move, and what is left at the deadline is
// ended.
#pragma once

#include "master/core/edit.h"

namespace drover::core {

Reply drain(Edit& edit, const DrainNode& command);
// The node takes work again, and what has not left it stays.
Reply resume(Edit& edit, const ResumeNode& command);

// Ends what is left where the deadline is over.
void look_at_drains(Edit& edit);

// Records that nothing is left on a draining node, where that is so.
void note_drained(Edit& edit, NodeEntry& node);

// After a start of the master the node has its whole deadline anew.
void plan_drain(State& state, NodeEntry& node, std::chrono::milliseconds now);

}  // namespace drover::core
