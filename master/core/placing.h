// Where copies are: on a node, among those that wait for one, or waiting for their time.
#pragma once

#include <chrono>
#include <vector>

#include "master/core/choice.h"
#include "master/core/edit.h"

namespace drover::core {

// Puts the allocation, one of the group that the choice is for, on the best node, or among those
// that wait.
void place(Edit& edit, InstanceEntry& entry, Allocation allocation, Choice& choice);

// The first copies of an instance: each on a node, or all among those that wait.
void place_gang(Edit& edit, InstanceEntry& entry, std::vector<Allocation> allocations);

// Whether the first copies of the instance wait to be placed all at once.
bool waits_as_gang(const InstanceEntry& entry);

// Places what has been woken, the highest priority first; a bounded number in one step, and the
// rest with the ticks that follow.
void place_waiting(Edit& edit);

// The same for what had to wait for its time, at no more than the allowed rate.
void release_delayed(Edit& edit);

// The copy leaves its node, which is told to forget it. Nothing happens if the node does not count
// it.
void release(Edit& edit, const InstanceEntry& entry, const Allocation& copy);

// The group's present copy waits for nothing any more: no node, no time.
void withdraw(State& state, Slot& slot);

// The copy, which has no node, is looked at when one has room for it.
void wait_for_node(State& state, const InstanceEntry& entry, const Allocation& copy,
                   WaitReason reason);

// At most one deadline for each group, in one of the state's two lists.
void set_deadline(Deadlines& deadlines, Slot& slot, const AllocationId& id,
                  std::chrono::milliseconds due);
void cancel_deadline(Deadlines& deadlines, Slot& slot, const AllocationId& id);

}  // namespace drover::core
