// When a group is run again, and what the next copy remembers of the ones before.
#pragma once

#include <chrono>

#include "master/core/edit.h"

namespace drover::core {

// What brought a copy to its end.
enum class EndedBy {
  itself,       // its node has something to do with it
  node,         // the node was lost or restarted, or ended it for want of a lease: nothing is left
  unaccounted,  // its node has no record of it: something may still be left there
};

// Whether another copy follows one that has ended like this.
bool runs_again(const InstanceEntry& entry, const Allocation& ended);

// Puts the next copy in the place of one that has ended, to be placed when its time has come.
void run_again(Edit& edit, InstanceEntry& entry, const Allocation& ended, EndedBy ended_by);

// Whether a copy that is given up with its node may come back if the node does.
bool may_stand_by(const InstanceEntry& entry, const Allocation& copy);

// Puts another copy in the place of one that may come back.
void stand_in(Edit& edit, InstanceEntry& entry, const Ptr<Allocation>& original);

// The node need not look out for this copy any more.
void forget_standby(State& state, const Allocation& original);

// Adds the copy to the former ones of `allocation`. Where it has not ended, `state` and `why` are
// said of it.
void add_former(Edit& edit, Allocation& allocation, const Allocation& copy,
                TaskState state = TaskState::lost, const char* why = "");

// When an allocation on a node that is silent is given up: after the time that its group allows;
// that of an exclusive one not before the node must have ended it.
std::chrono::milliseconds given_up_at(const Edit& edit, const InstanceEntry& entry,
                                      const Allocation& copy, const NodeEntry& node);

// Whether the group shall not be placed on the node, having failed there too often lately.
bool avoids(const Slot& slot, const NodeId& node, std::chrono::milliseconds now);

}  // namespace drover::core
