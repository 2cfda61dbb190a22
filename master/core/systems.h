// Instances of kind system as nodes come and go: one copy of each group on every node that fits it.
// What changes on all nodes at once, as with another version, is rollout.h's.
#pragma once

#include "master/core/edit.h"

namespace drover::core {

// The node is there, takes work again, or says other things of itself: copies that are missing are
// made, and what does not fit it any more ends. Costs the number of system instances.
void line_up_all(Edit& edit, const NodeEntry& node);

// The node takes nothing any more: copies that wait for it have nothing to wait for. They are made
// anew when it is back.
void drop_waiting(Edit& edit, const NodeEntry& node);

// What follows where slots have gone: the next version, or nothing.
void line_up_vacated(Edit& edit);

// Ends the copies on draining nodes from which everything else has gone.
void end_emptied(Edit& edit);

}  // namespace drover::core
