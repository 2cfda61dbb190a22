// What of a node is taken, and by what. Room that a copy has taken is free again when nothing of
// the copy is left, and not when it is told to go.
#pragma once

#include "master/core/edit.h"

namespace drover::core {

// The node counts the copy, which takes what its group asks for.
void hold(NodeEntry& node, const InstanceEntry& entry, const Allocation& copy);

// The node counts it no more, and its room is free. Returns whether it was counted.
bool let_go(NodeEntry& node, const InstanceEntry& entry, const Allocation& copy);

// The node is told to end and forget what it holds by this id, and no longer counts it as wanted.
// What that takes is free when the node says that nothing is left.
void remove(Edit& edit, NodeEntry& node, const AllocationId& id);

// Nothing of it is left on the node.
void removed(NodeEntry& node, const AllocationId& id);

// Its session has ended: what the node holds is in the hello of the next one.
void forget_leaving(NodeEntry& node);

// Brings the placement index into line with the node: its load, its room, and whether it takes
// work; wakes what waits for that, and notices when a draining node is empty.
void update_placement(Edit& edit, NodeEntry& node);

// The same, and tells the readers.
void tell_load(Edit& edit, NodeEntry& node);

// The node as something that can be chosen, whether or not it takes work.
Offer offer_of(const NodeEntry& node);

}  // namespace drover::core
