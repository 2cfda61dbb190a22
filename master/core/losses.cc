#include "master/core/losses.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "common/limits.h"
#include "common/planted_bug.h"
#include "master/core/again.h"
#include "master/core/copies.h"
#include "master/core/drain.h"
#include "master/core/instances.h"
#include "master/core/placing.h"
#include "master/core/reservations.h"
#include "master/core/rollout.h"
#include "master/core/systems.h"

namespace drover::core {
namespace {

void end_leases(Edit& edit) {
  State& state = edit.state();
  const auto now = edit.now().steady;
  for (std::size_t ended = 0; ended < limits::kNodesPerStep; ++ended) {
    if (state.leases.empty() || state.leases.begin()->first > now) return;
    NodeEntry& entry = state.nodes.at(state.leases.begin()->second);
    state.leases.erase(state.leases.begin());
    entry.in_leases = false;
    if (!entry.node->online) continue;
    if (entry.lease_ends > now) {
      state.leases.emplace(entry.lease_ends, entry.node->id);
      entry.in_leases = true;
      continue;
    }
    edit.send(entry, CloseStream{"nothing was heard of the node within its lease"});
    entry.session.reset();
    forget_leaving(entry);
    update_placement(edit, entry);
    go_offline(edit, entry);
  }
}

// Nodes that are silent still get their time anew.
void postpone_losses(Edit& edit) {
  State& state = edit.state();
  const Deadlines losses = state.losses;
  for (const auto& [due, id] : losses) {
    InstanceEntry& entry = state.instances.at(id.instance);
    Slot& slot = entry.slots.at(id.slot);
    const NodeEntry& node = state.nodes.at(*slot.allocation->node);
    set_deadline(state.losses, slot, id,
                 std::max(due, given_up_at(edit, entry, *slot.allocation, node)));
  }
}

void review_guard(Edit& edit) {
  State& state = edit.state();
  const bool changed =
      state.guard.review(edit.now().steady, state.settings.lease, state.online_nodes);
  if (changed && !state.guard.suspects()) postpone_losses(edit);
}

// A master that was frozen, or had no processor for long, has listened to nobody meanwhile: as
// after its own start, every node has a whole lease to be heard, and what was to be given up its
// time.
void forgive_own_absence(Edit& edit) {
  State& state = edit.state();
  const auto now = edit.now().steady;
  const auto absent = now - std::exchange(state.ticked, now);
  if (absent <= state.settings.lease / 2 || planted(PlantedBug::blame_nodes)) return;
  // The entries of State::leases are looked at when they are due, and moved then.
  for (const auto& [looked_at, id] : state.leases) {
    NodeEntry& entry = state.nodes.at(id);
    entry.lease_ends = std::max(entry.lease_ends, now + state.settings.lease);
  }
  postpone_losses(edit);
}

std::size_t most_lost_nodes(const State& state) {
  return std::max(limits::kMassLossNodes, state.nodes.size() / limits::kMassLossDivisor);
}

// Whether what is on the node may be given up: only so many nodes are within a while.
bool may_be_lost(Edit& edit, NodeEntry& node) {
  State& state = edit.state();
  if (node.declared_lost || planted(PlantedBug::lose_any_rate)) return true;
  node.declared_lost = state.lost_nodes.take(edit.now().steady, most_lost_nodes(state));
  return node.declared_lost;
}

void give_up_lost(Edit& edit) {
  State& state = edit.state();
  const auto now = edit.now().steady;
  for (std::size_t looked = 0; looked < limits::kLossesPerStep; ++looked) {
    if (state.guard.suspects()) return;
    if (state.losses.empty() || state.losses.begin()->first > now) return;
    const AllocationId id = state.losses.begin()->second;
    Slot& slot = state.instances.at(id.instance).slots.at(id.slot);
    if (!may_be_lost(edit, state.nodes.at(*slot.allocation->node))) {
      set_deadline(state.losses, slot, id, state.lost_nodes.next_leaves());
      continue;
    }
    happen(edit, id, Event::timed_out);
    settle(edit, id.instance);
  }
}

}  // namespace

void tick(Edit& edit) {
  for (const InstanceId& id : std::exchange(edit.state().unsettled, {})) settle(edit, id);
  forgive_own_absence(edit);
  end_leases(edit);
  review_guard(edit);
  give_up_lost(edit);
  look_at_rollouts(edit);
  look_at_drains(edit);
  release_delayed(edit);
}

void go_offline(Edit& edit, NodeEntry& entry) {
  State& state = edit.state();
  Node node = *entry.node;
  node.online = false;
  node.status_since = edit.now().unix_ms;
  edit.put(entry, std::move(node));
  entry.usage = {};
  --state.online_nodes;
  state.guard.node_gone(entry.node->id, edit.now().steady);
  // By value: nothing leaves the set here, but that is for others to know.
  const std::map<AllocationId, Resources> allocations = entry.allocations;
  for (const auto& [id, demand] : allocations) {
    happen(edit, id, Event::node_silent, &entry);
    settle(edit, id.instance);
  }
  drop_waiting(edit, entry);
}

void came_online(State& state, NodeEntry& entry, bool was_online) {
  if (!was_online) {
    ++state.online_nodes;
    state.guard.node_back(entry.node->id);
    entry.declared_lost = false;
  }
  if (entry.in_leases) return;
  state.leases.emplace(entry.lease_ends, entry.node->id);
  entry.in_leases = true;
}

void resume_replacements(Edit& edit) {
  State& state = edit.state();
  state.guard.release();
  state.guard.review(edit.now().steady, state.settings.lease, state.online_nodes);
}

void publish_cluster(Edit& edit) {
  State& state = edit.state();
  ClusterStatus status{state.guard.suspects(), state.guard.silent(), state.online_nodes,
                       state.nodes.size(), state.cluster.since};
  if (status.suspects != state.cluster.suspects) status.since = edit.now().unix_ms;
  if (status == state.cluster) return;
  state.cluster = status;
  edit.publish(status);
}

}  // namespace drover::core
