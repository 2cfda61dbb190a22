#include "master/core/placing.h"

#include <algorithm>
#include <utility>

#include "common/check.h"
#include "common/limits.h"
#include "common/planted_bug.h"
#include "master/core/again.h"
#include "master/core/instances.h"
#include "master/core/reservations.h"

namespace drover::core {
namespace {

void assign(Edit& edit, InstanceEntry& entry, Allocation allocation, const NodeId& chosen) {
  NodeEntry& node = edit.state().nodes.at(chosen);
  Slot& slot = entry.slots.at(allocation.id.slot);
  allocation.node = chosen;
  allocation.node_incarnation = node.node->incarnation;
  allocation.placed_at = edit.now().unix_ms;
  allocation.waits_for = WaitReason::none;
  slot.placed = edit.now().steady;
  hold(node, entry, allocation);
  tell_load(edit, node);
  edit.put(entry, std::move(allocation));
  edit.send(node, StartAllocation{slot.allocation, entry.source(*slot.allocation)});
}

// What is on disk is changed only where the reason is another.
void put_waiting(Edit& edit, InstanceEntry& entry, Allocation allocation, WaitReason reason) {
  const Slot& slot = entry.slots.at(allocation.id.slot);
  const bool is_new = !slot.allocation || slot.allocation->id != allocation.id;
  if (!is_new && allocation.waits_for == reason) return;
  allocation.waits_for = reason;
  edit.put(entry, std::move(allocation));
}

// There is no node for it, but those that its group avoids.
void try_later(Edit& edit, InstanceEntry& entry, Allocation allocation) {
  Slot& slot = entry.slots.at(allocation.id.slot);
  set_deadline(edit.state().delayed, slot, allocation.id,
               edit.now().steady + limits::kAvoidedRetry);
  put_waiting(edit, entry, std::move(allocation), WaitReason::nodes_avoided);
}

bool waits_in_gang(const Allocation& copy) {
  return copy.id.generation == 1 && !copy.node && !is_terminal(copy);
}

// The first slot stands for them all. Where damage has taken that one, each waits for itself.
bool is_gang(const InstanceEntry& entry, const Allocation& copy) {
  const bool is_first = copy.version == entry.from->version && !copy.replaces;
  if (!is_first || !entry.from->spec.gang.value_or(false) || !waits_in_gang(copy)) return false;
  const Ptr<Allocation>& first = entry.slots.begin()->second.allocation;
  return !first || waits_in_gang(*first);
}

// The copies that wait to be placed at once.
std::vector<Allocation> gang_of(const InstanceEntry& entry) {
  std::vector<Allocation> gang;
  gang.reserve(entry.slots.size());
  for (const auto& [number, slot] : entry.slots) {
    if (waits_in_gang(*slot.allocation)) gang.push_back(*slot.allocation);
  }
  return gang;
}

// A node for each, all of them held; or none, and which copy could not be placed.
class GangPlan {
 public:
  GangPlan(Edit& edit, InstanceEntry& entry, const std::vector<Allocation>& copies)
      : edit_(edit), entry_(entry), copies_(copies) {
    std::optional<Choice> choice;
    for (const Allocation& copy : copies) {
      if (nodes_.empty() || copy.role.group != copies[nodes_.size() - 1].role.group) {
        choice.emplace(edit.state(), entry, entry.source(copy), copy.role.group, edit.now());
      }
      const Offer* offer = choice->next(entry.slots.at(copy.id.slot));
      if (offer == nullptr) {
        why_not_ = choice->why_not();
        failed_ = nodes_.size();
        break;
      }
      nodes_.push_back(offer->node->id);
      choice->placed(*offer);
      take(copy, nodes_.back());
    }
    if (!is_whole() && !planted(PlantedBug::half_a_gang)) give_back();
  }

  bool is_whole() const { return nodes_.size() == copies_.size(); }
  const std::vector<NodeId>& nodes() const { return nodes_; }
  // Of the copy at the position, where the plan is not whole.
  WaitReason reason(std::size_t position) const {
    return position == failed_ ? why_not_ : WaitReason::gang;
  }

 private:
  // Only in the index and in the sums: the records know nothing of it.
  void take(const Allocation& copy, const NodeId& id) {
    NodeEntry& node = edit_.state().nodes.at(id);
    hold(node, entry_, copy);
    edit_.state().placement.update(offer_of(node));
  }
  void give_back() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      NodeEntry& node = edit_.state().nodes.at(nodes_[i]);
      let_go(node, entry_, copies_[i]);
      edit_.state().placement.update(offer_of(node));
    }
    nodes_.clear();
  }

  Edit& edit_;
  InstanceEntry& entry_;
  const std::vector<Allocation>& copies_;
  std::vector<NodeId> nodes_;
  std::size_t failed_ = 0;
  WaitReason why_not_ = WaitReason::none;
};

// Where nothing fits it, it waits as before.
void place_woken(Edit& edit, InstanceEntry& entry, const WaitingQueue::Next& next) {
  State& state = edit.state();
  const Ptr<Allocation> copy = entry.slots.at(next.id.slot).allocation;
  Choice choice(state, entry, *copy, edit.now(), next.nodes);
  const Slot& slot = entry.slots.at(next.id.slot);
  if (const Offer* offer = choice.next(slot)) {
    const NodeId node = offer->node->id;
    state.placement.chosen(node);
    state.waiting.remove(next.id);
    return assign(edit, entry, *copy, node);
  }
  const WaitReason reason = choice.why_not();
  if (reason == WaitReason::nodes_avoided) {
    state.waiting.remove(next.id);
    return try_later(edit, entry, *copy);
  }
  const bool is_known = reason != WaitReason::none;
  state.waiting.nothing_fits(next.id, is_known ? reason : copy->waits_for);
  if (is_known) put_waiting(edit, entry, *copy, reason);
}

}  // namespace

void place(Edit& edit, InstanceEntry& entry, Allocation allocation, Choice& choice) {
  State& state = edit.state();
  // One that is added to a gang that waits, waits with it.
  if (entry.slots.begin()->first != allocation.id.slot && is_gang(entry, allocation)) {
    return put_waiting(edit, entry, std::move(allocation), WaitReason::gang);
  }
  // Behind those that wait for the same.
  if (const auto reason = state.waiting.find(choice.demand())) {
    wait_for_node(state, entry, allocation, *reason);
    return put_waiting(edit, entry, std::move(allocation), *reason);
  }
  const Offer* offer = choice.next(entry.slots.at(allocation.id.slot));
  if (offer != nullptr) {
    const NodeId node = offer->node->id;
    choice.placed(*offer);
    state.placement.chosen(node);
    return assign(edit, entry, std::move(allocation), node);
  }
  const WaitReason reason = choice.why_not();
  if (reason == WaitReason::nodes_avoided) return try_later(edit, entry, std::move(allocation));
  wait_for_node(state, entry, allocation, reason);
  put_waiting(edit, entry, std::move(allocation), reason);
}

void place_gang(Edit& edit, InstanceEntry& entry, std::vector<Allocation> allocations) {
  State& state = edit.state();
  const AllocationId first = allocations.front().id;
  const GangPlan plan(edit, entry, allocations);
  for (std::size_t i = 0; i < plan.nodes().size(); ++i) {
    state.placement.chosen(plan.nodes()[i]);
    assign(edit, entry, std::move(allocations[i]), plan.nodes()[i]);
  }
  if (plan.is_whole()) return state.waiting.remove(first);
  if (state.waiting.contains(first)) {
    state.waiting.nothing_fits(first, WaitReason::gang);
  } else {
    wait_for_node(state, entry, allocations.front(), WaitReason::gang);
  }
  for (std::size_t i = plan.nodes().size(); i < allocations.size(); ++i) {
    put_waiting(edit, entry, std::move(allocations[i]), plan.reason(i));
  }
}

bool waits_as_gang(const InstanceEntry& entry) {
  if (entry.slots.empty()) return false;
  const Ptr<Allocation>& first = entry.slots.begin()->second.allocation;
  return first && is_gang(entry, *first);
}

void place_waiting(Edit& edit) {
  State& state = edit.state();
  for (std::size_t tried = 0; tried < limits::kPlacementsPerStep; ++tried) {
    const auto next = state.waiting.next();
    if (!next) return;
    InstanceEntry& entry = state.instances.at(next->id.instance);
    DROVER_CHECK(entry.slots.at(next->id.slot).allocation->id == next->id,
                 "what waits is a present copy");
    if (next->is_gang) {
      std::vector<Allocation> gang = gang_of(entry);
      tried += gang.size();
      place_gang(edit, entry, std::move(gang));
    } else {
      place_woken(edit, entry, *next);
    }
    settle(edit, next->id.instance);
  }
}

void release_delayed(Edit& edit) {
  State& state = edit.state();
  const auto now = edit.now().steady;
  for (std::size_t tried = 0; tried < limits::kPlacementsPerStep; ++tried) {
    if (state.delayed.empty() || state.delayed.begin()->first > now) return;
    if (!state.replacements.take(now)) return;
    const AllocationId id = state.delayed.begin()->second;
    InstanceEntry& entry = state.instances.at(id.instance);
    Slot& slot = entry.slots.at(id.slot);
    cancel_deadline(state.delayed, slot, id);
    const Ptr<Allocation> allocation = slot.allocation;
    Choice choice(state, entry, *allocation, edit.now());
    place(edit, entry, *allocation, choice);
    settle(edit, id.instance);
  }
}

void release(Edit& edit, const InstanceEntry& entry, const Allocation& copy) {
  State& state = edit.state();
  if (!copy.node) return;
  const auto found = state.nodes.find(*copy.node);
  if (found == state.nodes.end()) return;
  NodeEntry& node = found->second;
  if (!let_go(node, entry, copy)) return;
  // It leaves because the copy that it stood in for is back, or may have left something behind.
  const bool is_known_to_be_gone = is_terminal(copy) && worst_task(copy).state != TaskState::lost;
  const bool is_taken_over = copy.original && !is_terminal(copy);
  if (is_known_to_be_gone) {
    edit.send(node, RemoveAllocation{copy.id});
  } else if (!planted(PlantedBug::keep_both) || !is_taken_over) {
    remove(edit, node, copy.id);
  }
  tell_load(edit, node);
}

void withdraw(State& state, Slot& slot) {
  const AllocationId& id = slot.allocation->id;
  state.waiting.remove(id);
  cancel_deadline(state.delayed, slot, id);
  cancel_deadline(state.losses, slot, id);
  slot.due.reset();
}

void wait_for_node(State& state, const InstanceEntry& entry, const Allocation& copy,
                   WaitReason reason) {
  const TemplateSpec& spec = entry.source(copy)->spec;
  if (!is_gang(entry, copy)) {
    state.waiting.add(copy.id, spec.priority_or_default(),
                      demand_for(entry.spec(copy), copy.pinned), reason);
  } else if (copy.id.slot == entry.slots.begin()->first) {
    state.waiting.add(copy.id, spec.priority_or_default(), {{}, {}, {}, copy.id.instance}, reason);
  }
}

void set_deadline(Deadlines& deadlines, Slot& slot, const AllocationId& id,
                  std::chrono::milliseconds due) {
  cancel_deadline(deadlines, slot, id);
  deadlines.emplace(due, id);
  slot.due = due;
}

void cancel_deadline(Deadlines& deadlines, Slot& slot, const AllocationId& id) {
  if (!slot.due) return;
  if (deadlines.erase({*slot.due, id}) > 0) slot.due.reset();
}

}  // namespace drover::core
