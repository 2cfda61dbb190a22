// Where copies are: on a node, among those that wait for one, or waiting for their time.
#pragma once

#include <chrono>

#include "master/core/edit.h"

namespace drover::core {

// Puts the allocation on the best node, or among those that wait.
void place(Edit& edit, InstanceEntry& entry, Allocation allocation);

// Places what waits, oldest first, as far as there are nodes; a bounded number in one step, and the
// rest with the ticks that follow.
void place_waiting(Edit& edit);

// The same for what had to wait for its time, at no more than the allowed rate.
void release_delayed(Edit& edit);

// The copy leaves its node, which is told to forget it. Nothing happens if the node does not count
// it.
void release(Edit& edit, const InstanceEntry& entry, const Allocation& copy);

// The group's present copy waits for nothing any more: no node, no time.
void withdraw(State& state, Slot& slot);

// The node counts the allocation. Its place in the placement index is not brought up to date.
void hold(NodeEntry& node, const InstanceEntry& entry, const Allocation& copy);

// At most one deadline for each group, in one of the state's two lists.
void set_deadline(Deadlines& deadlines, Slot& slot, const AllocationId& id,
                  std::chrono::milliseconds due);
void cancel_deadline(Deadlines& deadlines, Slot& slot, const AllocationId& id);

// Brings the placement index into line with the node: its load, and whether it takes work.
void update_placement(State& state, const NodeEntry& entry);

}  // namespace drover::core
