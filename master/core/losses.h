// The passing of time: leases that run out, what is given up with silent nodes, and what waits for
// its time.
#pragma once

#include "master/core/edit.h"

namespace drover::core {

// Everything whose time has come; a bounded part of it in one step. Is to be called several times
// within a lease: a master that was away for longer forgives everyone's silence.
void tick(Edit& edit);

// The node is offline, and what is placed there becomes unknown.
void go_offline(Edit& edit, NodeEntry& entry);

// The node has been heard again. Its lease has been renewed; `was_online`: before.
void came_online(State& state, NodeEntry& entry, bool was_online);

// The silent nodes are lost: what ran there is given up as the groups say.
void resume_replacements(Edit& edit);

// Tells the readers of a change of the cluster's state.
void publish_cluster(Edit& edit);

}  // namespace drover::core
