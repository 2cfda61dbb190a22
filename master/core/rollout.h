// Brings the copies of a service into line with what is wanted of it: another version, more or
// fewer of them, other nodes than those that are drained.
//
// Problem: an update, a scaling, a drain, a copy that fails and a master that starts can meet in
// any order, and each seems to need a machine of its own.
//
// Solution: one rule, which looks at what there is and takes the next steps; it remembers nothing.
// Each role that is wanted has a copy that may stay, or an outdated one, of another version or on a
// draining node. An outdated one gets a copy beside it, as many at a time as the group allows; when
// that has been well for long enough, the outdated one is retired, and its slot goes when it has
// ended. What has no role is retired. Of an exclusive group the outdated copy goes first.
//
// The roles of a system instance are the nodes that fit it. Two copies would fight over one node,
// so the outdated one goes first there, too, and the next node has its turn when the new copy has
// been well for long enough.
//
// Example: a service of 2 copies, updated one at a time. Slots 0 and 1 are outdated; slot 2 is made
// for role 0, and proves well: 0 is retired, and gone. Slot 3 is made for role 1.
#pragma once

#include "master/core/edit.h"

namespace drover::core {

Reply update(Edit& edit, const Update& command);
Reply scale(Edit& edit, const Scale& command);

// From now on the instance is looked at until there is nothing left to do.
void begin_rollout(State& state, InstanceEntry& entry);
// Nothing is to be done for it any more.
void leave_rollout(State& state, InstanceEntry& entry);

// Brings what a system instance has on this node into line, and nothing else of it: at once, but
// for what is outdated. Settles the instance.
void line_up(Edit& edit, InstanceEntry& entry, const NodeEntry& node);

// The next steps of the instances to which something has happened in this step.
void advance_touched(Edit& edit);
// Of those that are due.
void look_at_rollouts(Edit& edit);

// The copy in the slot is wished to end. The instance is not settled by it.
void retire(Edit& edit, InstanceEntry& entry, std::uint32_t slot, Retirement kind);

// A version of a template; nothing: there is none, or none any more.
Ptr<Template> find_version(const State& state, const std::string& name, std::uint32_t version);

}  // namespace drover::core
