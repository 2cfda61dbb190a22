#include "master/core/copies.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "common/check.h"
#include "common/limits.h"
#include "common/planted_bug.h"
#include "master/core/again.h"
#include "master/core/nodes.h"
#include "master/core/placing.h"
#include "master/core/reservations.h"
#include "master/core/tasks.h"

namespace drover::core {
namespace {

struct Copy {
  InstanceEntry* entry = nullptr;
  Ptr<Allocation> allocation;  // nothing: no copy has this id any more
  bool standby = false;

  bool stop_wished() const {
    return entry->instance->stop_requested || allocation->retirement != Retirement::none;
  }
};

Copy find_copy(State& state, const AllocationId& id) {
  const auto found = state.instances.find(id.instance);
  if (found == state.instances.end()) return {};
  const auto slot = found->second.slots.find(id.slot);
  if (slot == found->second.slots.end()) return {};
  const Ptr<Allocation>& present = slot->second.allocation;
  if (present->id == id) return {&found->second, present, false};
  if (present->original && present->original->id == id) {
    return {&found->second, present->original, true};
  }
  return {};
}

// How it stood before the event. To a node that speaks of it, what is placed elsewhere is no copy.
Phase phase_before(Event event, const Copy& copy, const NodeEntry* node) {
  if (!copy.allocation) return Phase::ended;
  if (node != nullptr && copy.allocation->node && *copy.allocation->node != node->node->id) {
    return Phase::ended;
  }
  // The wish is recorded before it is carried out.
  const bool stop_wished = copy.stop_wished() && event != Event::stop_wished;
  return copy.standby ? Phase::standby : phase_of(*copy.allocation, stop_wished);
}

// From the silence back to what was known before it. Returns whether anything was unknown.
bool recover(Allocation& copy) {
  bool changed = false;
  for (TaskStatus& task : copy.tasks) changed |= recover(task);
  return changed;
}

bool apply_all(Allocation& copy, std::span<const AttemptReport> reports, bool stop_wished,
               const GroupSpec& spec) {
  static const TaskSpec kUnreadable;
  bool changed = recover(copy);
  for (const AttemptReport& report : reports) {
    if (report.id.task >= copy.tasks.size()) continue;
    const TaskSpec& task =
        report.id.task < spec.tasks.size() ? spec.tasks[report.id.task] : kUnreadable;
    changed |= apply_report(copy.tasks[report.id.task], report, stop_wished, task);
  }
  return changed;
}

void end_tasks(Edit& edit, Allocation& copy, TaskState state, const TaskEnd& end) {
  for (TaskStatus& task : copy.tasks) end_task(task, state, end, edit.now().unix_ms);
}

// The copy is over, as `ended` says: the group is done with, or waits to run again.
void finish(Edit& edit, InstanceEntry& entry, Allocation ended, EndedBy ended_by) {
  withdraw(edit.state(), entry.slots.at(ended.id.slot));
  release(edit, entry, ended);
  if (ended.retirement == Retirement::replaced) return drop_slot(edit, entry, ended);
  if (runs_again(entry, ended)) return run_again(edit, entry, ended, ended_by);
  if (ended.original) {
    forget_standby(edit.state(), *ended.original);
    add_former(edit, ended, *ended.original, TaskState::lost, "another copy took its place");
    ended.original = nullptr;
  }
  edit.put(entry, std::move(ended));
}

void put_or_finish(Edit& edit, InstanceEntry& entry, Allocation copy) {
  if (!is_terminal(copy)) return edit.put(entry, std::move(copy));
  const TaskEnd& end = worst_task(copy).end;
  // Where it was only asked to move there is nothing to wait for.
  const bool moved = copy.retirement == Retirement::moved && end.reason == EndReason::stop;
  const bool by_node = end.fenced || moved;
  const EndedBy ended_by = by_node ? EndedBy::node : EndedBy::itself;
  finish(edit, entry, std::move(copy), ended_by);
}

// --- The actions --------------------------------------------------------------------------------

void end_unstarted(Edit& edit, const Copy& copy) {
  Allocation after = *copy.allocation;
  after.waits_for = WaitReason::none;
  end_tasks(edit, after, TaskState::stopped, {EndKind::never_started, 0, {}});
  finish(edit, *copy.entry, std::move(after), EndedBy::itself);
}

void tell_stop(Edit& edit, const Copy& copy) {
  const auto node = edit.state().nodes.find(*copy.allocation->node);
  if (node == edit.state().nodes.end()) return;
  edit.send(node->second, StopAllocation{copy.allocation->id});
}

void apply(Edit& edit, const Copy& copy, std::span<const AttemptReport> reports) {
  Allocation after = *copy.allocation;
  if (!apply_all(after, reports, copy.stop_wished(), copy.entry->spec(after))) return;
  cancel_deadline(edit.state().losses, copy.entry->slots.at(after.id.slot), after.id);
  put_or_finish(edit, *copy.entry, std::move(after));
}

void apply_and_stop(Edit& edit, const Copy& copy, std::span<const AttemptReport> reports) {
  apply(edit, copy, reports);
  const auto slot = copy.entry->slots.find(copy.allocation->id.slot);
  if (slot == copy.entry->slots.end()) return;
  const Ptr<Allocation>& after = slot->second.allocation;
  if (after->id == copy.allocation->id && !is_terminal(*after)) tell_stop(edit, copy);
}

void make_unknown(Edit& edit, const Copy& copy, const NodeEntry& node) {
  const AllocationId& id = copy.allocation->id;
  Allocation after = *copy.allocation;
  for (TaskStatus& task : after.tasks) {
    if (!is_terminal(task.state)) task.state = TaskState::unknown;
  }
  set_deadline(edit.state().losses, copy.entry->slots.at(id.slot), id,
               given_up_at(edit, *copy.entry, after, node));
  edit.put(*copy.entry, std::move(after));
}

void lose(Edit& edit, const Copy& copy, Event event) {
  const bool timed_out = event == Event::timed_out;
  if (timed_out && may_stand_by(*copy.entry, *copy.allocation)) {
    return stand_in(edit, *copy.entry, copy.allocation);
  }
  const char* why = timed_out                 ? "its node has been offline for too long"
                    : event == Event::missing ? "the agent has no record of it any more"
                                              : "its node was restarted, or has lost its records";
  Allocation after = *copy.allocation;
  // It is wanted nowhere else; when its node is back, it is made anew.
  if (timed_out && after.pinned) after.retirement = Retirement::replaced;
  end_tasks(edit, after, TaskState::lost, {EndKind::lost, 0, why});
  finish(edit, *copy.entry, std::move(after),
         event == Event::missing ? EndedBy::unaccounted : EndedBy::node);
}

void start_again(Edit& edit, const Copy& copy) {
  Allocation after = *copy.allocation;
  if (!copy.entry->source(after)) {
    end_tasks(edit, after, TaskState::lost, {EndKind::lost, 0, "its template could not be read"});
    return finish(edit, *copy.entry, std::move(after), EndedBy::itself);
  }
  const std::uint32_t slot = after.id.slot;
  cancel_deadline(edit.state().losses, copy.entry->slots.at(slot), after.id);
  if (recover(after)) edit.put(*copy.entry, std::move(after));
  edit.send(
      edit.state().nodes.at(*copy.allocation->node),
      StartAllocation{copy.entry->slots.at(slot).allocation, copy.entry->source(*copy.allocation)});
}

// The copy on standby does not come back.
void drop(Edit& edit, const Copy& copy) {
  const std::uint32_t slot = copy.allocation->id.slot;
  forget_standby(edit.state(), *copy.allocation);
  Allocation after = *copy.entry->slots.at(slot).allocation;
  add_former(edit, after, *copy.allocation, TaskState::lost, "another copy took its place");
  after.original = nullptr;
  edit.put(*copy.entry, std::move(after));
}

void take_over(Edit& edit, const Copy& copy, NodeEntry& node,
               std::span<const AttemptReport> reports) {
  const AllocationId& id = copy.allocation->id;
  Allocation original = *copy.allocation;
  apply_all(original, reports, false, copy.entry->spec(original));
  if (is_terminal(original) && worst_task(original).state != TaskState::succeeded) {
    drop(edit, copy);
    return remove(edit, node, id);
  }
  forget_standby(edit.state(), original);
  Slot& slot = copy.entry->slots.at(id.slot);
  const Ptr<Allocation> replacement = slot.allocation;
  withdraw(edit.state(), slot);
  release(edit, *copy.entry, *replacement);
  original.former = replacement->former;
  original.original = nullptr;
  add_former(edit, original, *replacement, TaskState::stopped, "the original came back");
  // It counts as placed again, and what has ended is released from there as ever.
  hold(node, *copy.entry, original);
  put_or_finish(edit, *copy.entry, std::move(original));
}

}  // namespace

void drop_slot(Edit& edit, InstanceEntry& entry, const Allocation& ended) {
  if (ended.original) forget_standby(edit.state(), *ended.original);
  edit.drop(entry, ended.id.slot);
  if (ended.pinned) edit.state().vacated.emplace(ended.id.instance, *ended.pinned);
  const Allocation* replacement = entry.replacement_of(ended.id.slot);
  if (replacement == nullptr) return;
  Allocation after = *replacement;
  after.replaces.reset();
  add_former(edit, after, ended);
  edit.put(entry, std::move(after));
}

void happen(Edit& edit, const AllocationId& id, Event event, NodeEntry* node,
            std::span<const AttemptReport> reports) {
  const Copy copy = find_copy(edit.state(), id);
  const bool reported = copy.allocation && was_reported(*copy.allocation);
  switch (decide(phase_before(event, copy, node), event)) {
    case Action::nothing:
      return;
    case Action::end_unstarted:
      return end_unstarted(edit, copy);
    case Action::tell_stop:
      return tell_stop(edit, copy);
    case Action::apply:
      return apply(edit, copy, reports);
    case Action::apply_stop:
      return apply_and_stop(edit, copy, reports);
    case Action::make_unknown:
      DROVER_CHECK(node != nullptr, "a node went silent");
      return make_unknown(edit, copy, *node);
    case Action::start_again:
      return start_again(edit, copy);
    case Action::start_or_lose:
      return reported ? lose(edit, copy, event) : start_again(edit, copy);
    case Action::lose:
      return lose(edit, copy, event);
    case Action::lose_reported:
      return reported ? lose(edit, copy, event) : end_unstarted(edit, copy);
    case Action::take_over:
      DROVER_CHECK(node != nullptr, "a node came back");
      return take_over(edit, copy, *node, reports);
    case Action::drop:
      return drop(edit, copy);
    case Action::remove:
      DROVER_CHECK(node != nullptr, "a node speaks of it");
      if (planted(PlantedBug::keep_superseded)) return;
      return remove(edit, *node, id);
  }
}

}  // namespace drover::core
