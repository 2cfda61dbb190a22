// What can happen to a copy of a group, by the table of phases.h.
#pragma once

#include <span>

#include "master/core/edit.h"
#include "master/core/phases.h"

namespace drover::core {

// The event happens to the copy. `node` is the node that speaks of it, nothing where the event has
// another source; `reports` belong to this copy. The instance is not settled by it.
void happen(Edit& edit, const AllocationId& id, Event event, NodeEntry* node = nullptr,
            std::span<const AttemptReport> reports = {});

// The slot goes with its copy, which has ended, and which the one that has taken its role
// remembers.
void drop_slot(Edit& edit, InstanceEntry& entry, const Allocation& ended);

}  // namespace drover::core
