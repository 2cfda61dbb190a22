#include "master/core/drain.h"

#include <map>
#include <utility>

#include "master/core/instances.h"
#include "master/core/reservations.h"
#include "master/core/rollout.h"
#include "master/core/systems.h"

namespace drover::core {
namespace {

void cancel_deadline(State& state, NodeEntry& node) {
  if (!node.drain_due) return;
  state.drains.erase({*node.drain_due, node.node->id});
  node.drain_due.reset();
}

// What is placed there has to be looked at: it shall go, or may stay after all.
void look_at_services(State& state, const NodeEntry& node) {
  for (const auto& [id, demand] : node.allocations) {
    InstanceEntry& entry = state.instances.at(id.instance);
    if (entry.from && entry.from->spec.kind == Kind::service) begin_rollout(state, entry);
  }
}

}  // namespace

Reply drain(Edit& edit, const DrainNode& command) {
  const auto found = edit.state().nodes.find(command.node);
  if (found == edit.state().nodes.end()) return {ReplyCode::unknown_node};
  NodeEntry& entry = found->second;
  Node node = *entry.node;
  node.drain = Drain{command.deadline, edit.now().unix_ms, false};
  edit.put(entry, std::move(node));
  plan_drain(edit.state(), entry, edit.now().steady);
  look_at_services(edit.state(), entry);
  update_placement(edit, entry);
  drop_waiting(edit, entry);
  return {ReplyCode::ok};
}

Reply resume(Edit& edit, const ResumeNode& command) {
  const auto found = edit.state().nodes.find(command.node);
  if (found == edit.state().nodes.end()) return {ReplyCode::unknown_node};
  NodeEntry& entry = found->second;
  if (!entry.node->drain) return {ReplyCode::ok};
  Node node = *entry.node;
  node.drain.reset();
  edit.put(entry, std::move(node));
  cancel_deadline(edit.state(), entry);
  look_at_services(edit.state(), entry);
  update_placement(edit, entry);
  line_up_all(edit, entry);
  return {ReplyCode::ok};
}

void look_at_drains(Edit& edit) {
  State& state = edit.state();
  while (!state.drains.empty() && state.drains.begin()->first <= edit.now().steady) {
    NodeEntry& node = state.nodes.at(state.drains.begin()->second);
    cancel_deadline(state, node);
    // By value: what ends leaves the node.
    const std::map<AllocationId, Resources> left = node.allocations;
    for (const auto& [id, demand] : left) {
      InstanceEntry& entry = state.instances.at(id.instance);
      const bool is_pinned = entry.slots.at(id.slot).allocation->pinned.has_value();
      const bool replaced = is_pinned || entry.replacement_of(id.slot) != nullptr;
      retire(edit, entry, id.slot, replaced ? Retirement::replaced : Retirement::moved);
      settle(edit, id.instance);
    }
  }
}

void note_drained(Edit& edit, NodeEntry& entry) {
  const auto& drain = entry.node->drain;
  if (!drain || drain->done || !entry.leaving.empty()) return;
  if (!entry.allocations.empty()) {
    const bool is_emptied = entry.allocations.size() == entry.pinned_allocations;
    // Not in the middle of whatever has emptied it.
    if (is_emptied) edit.state().emptied.insert(entry.node->id);
    return;
  }
  Node node = *entry.node;
  node.drain->done = true;
  edit.put(entry, std::move(node));
}

void plan_drain(State& state, NodeEntry& node, std::chrono::milliseconds now) {
  cancel_deadline(state, node);
  if (!node.node->drain || node.node->drain->done) return;
  node.drain_due = now + node.node->drain->deadline;
  state.drains.emplace(*node.drain_due, node.node->id);
}

}  // namespace drover::core
