#include "master/core/again.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/backoff.h"
#include "common/check.h"
#include "common/limits.h"
#include "common/planted_bug.h"
#include "master/core/placing.h"

namespace drover::core {
namespace {

using std::chrono::milliseconds;

// Nothing of it ever had a process, as its node ended it before: running it is no second run. What
// was not begun as another task had failed says that there was a run.
bool never_ran(const Allocation& ended) {
  return std::all_of(ended.tasks.begin(), ended.tasks.end(), [](const TaskStatus& task) {
    return task.end.kind == EndKind::never_started && task.attempt <= 1 &&
           task.end.reason != EndReason::group;
  });
}

milliseconds next_pause(const Edit& edit, Slot& slot, const AllocationId& id) {
  if (edit.now().steady - slot.placed >= limits::kBackoffForgets) slot.ends_in_a_row = 0;
  const milliseconds pause =
      doubled(limits::kBackoffFirst, limits::kBackoffLongest, slot.ends_in_a_row++);
  // Chance that differs between the groups of one step, too.
  return spread(pause, edit.now().random ^ std::hash<AllocationId>()(id));
}

void note_failure(const Edit& edit, Slot& slot, const Allocation& ended) {
  const TaskStatus& worst = worst_task(ended);
  if (!ended.node || ended.pinned ||
      (worst.state != TaskState::failed && worst.state != TaskState::lost))
    return;
  std::erase_if(slot.failures, [&edit](const NodeFailure& failure) {
    return failure.at + limits::kFailureMemory <= edit.now().steady;
  });
  if (slot.failures.size() >= limits::kFailuresKept) slot.failures.erase(slot.failures.begin());
  slot.failures.push_back(
      {*ended.node, edit.now().steady, worst.end.kind == EndKind::spawn_failed});
}

// How long until nothing can be left of a copy that its node does not account for.
milliseconds until_gone(const GroupSpec& spec) {
  return spec.is_exclusive() ? longest_grace(spec) + limits::kFenceMargin : milliseconds(0);
}

Allocation successor(const InstanceEntry& entry, const Allocation& before) {
  Allocation next;
  next.id = {before.id.instance, before.id.slot, next_generation(before)};
  if (planted(PlantedBug::reuse_generation)) next.id.generation = before.id.generation;
  next.role = before.role;
  next.version = before.version;
  next.replaces = before.replaces;
  next.pinned = before.pinned;
  next.tasks.resize(entry.spec(before).tasks.size());
  next.former = before.former;
  next.original = before.original;
  return next;
}

void put_delayed(Edit& edit, InstanceEntry& entry, Allocation next, milliseconds pause) {
  const AllocationId id = next.id;
  edit.put(entry, std::move(next));
  set_deadline(edit.state().delayed, entry.slots.at(id.slot), id, edit.now().steady + pause);
}

}  // namespace

bool runs_again(const InstanceEntry& entry, const Allocation& ended) {
  if (!entry.source(ended)) return false;
  if (entry.instance->stop_requested && !planted(PlantedBug::run_again_after_stop)) return false;
  if (never_ran(ended)) return true;
  switch (entry.spec(ended).reschedule_policy()) {
    case RestartPolicy::never:
      return planted(PlantedBug::run_again_unasked) &&
             worst_task(ended).state != TaskState::succeeded;
    case RestartPolicy::on_failure:
      return worst_task(ended).state != TaskState::succeeded;
    case RestartPolicy::always:
      return true;
  }
  check_failed(__FILE__, __LINE__, "RestartPolicy", "not one of its values");
}

void run_again(Edit& edit, InstanceEntry& entry, const Allocation& ended, EndedBy ended_by) {
  Slot& slot = entry.slots.at(ended.id.slot);
  Allocation next = successor(entry, ended);
  add_former(edit, next, ended);
  milliseconds pause{0};
  next.waits_for = WaitReason::node_lost;
  if (ended.retirement == Retirement::moved) next.waits_for = WaitReason::drained;
  switch (ended_by) {
    case EndedBy::itself:
      next.waits_for = WaitReason::backoff;
      note_failure(edit, slot, ended);
      pause = next_pause(edit, slot, ended.id);
      // A supervisor that died may have left processes to the one after it.
      if (worst_task(ended).state == TaskState::lost) pause += until_gone(entry.spec(ended));
      break;
    case EndedBy::node:
      break;
    case EndedBy::unaccounted:
      pause = until_gone(entry.spec(ended));
      break;
  }
  if (planted(PlantedBug::no_pause)) pause = milliseconds(0);
  put_delayed(edit, entry, std::move(next), pause);
}

bool may_stand_by(const InstanceEntry& entry, const Allocation& copy) {
  const GroupSpec& spec = entry.spec(copy);
  // Of an exclusive group the old copy has ended by then: there is none to come back, and the end
  // of it must not make way for a third one beside the second.
  return entry.source(copy) && !entry.instance->stop_requested &&
         copy.retirement == Retirement::none && spec.keeps_original() && !spec.is_exclusive() &&
         spec.reschedule_policy() != RestartPolicy::never && !copy.original && !copy.pinned;
}

void stand_in(Edit& edit, InstanceEntry& entry, const Ptr<Allocation>& original) {
  State& state = edit.state();
  withdraw(state, entry.slots.at(original->id.slot));
  release(edit, entry, *original);
  state.nodes.at(*original->node).standbys.insert(original->id);
  Allocation next = successor(entry, *original);
  next.original = original;
  next.waits_for = WaitReason::node_lost;
  put_delayed(edit, entry, std::move(next), milliseconds(0));
}

void forget_standby(State& state, const Allocation& original) {
  const auto node = state.nodes.find(*original.node);
  if (node != state.nodes.end()) node->second.standbys.erase(original.id);
}

void add_former(Edit& edit, Allocation& allocation, const Allocation& copy, TaskState state,
                const char* why) {
  if (!copy.node) return;  // it was never anywhere
  const TaskStatus& worst = worst_task(copy);
  FormerCopy former{copy.id.generation, {}, *copy.node, worst.state, worst.end, edit.now().unix_ms};
  if (copy.id.slot != allocation.id.slot) former.slot = copy.id.slot;
  if (!is_terminal(worst.state)) {
    former.state = state;
    former.end = {EndKind::lost, 0, why};
  }
  allocation.former.push_back(std::move(former));
  if (allocation.former.size() > limits::kFormerCopies) {
    allocation.former.erase(allocation.former.begin());
  }
}

milliseconds given_up_at(const Edit& edit, const InstanceEntry& entry, const Allocation& copy,
                         const NodeEntry& node) {
  const GroupSpec& spec = entry.spec(copy);
  const milliseconds now = edit.now().steady;
  if (planted(PlantedBug::give_up_at_once)) return now;
  const milliseconds allowed = now + spec.lost_after.value_or(edit.state().settings.lost_after);
  if (!spec.is_exclusive() || planted(PlantedBug::hurry_exclusive)) return allowed;
  return std::max(allowed, std::max(now, node.lease_ends) + until_gone(spec));
}

bool avoids(const Slot& slot, const NodeId& node, milliseconds now) {
  std::size_t failures = 0;
  for (const NodeFailure& failure : slot.failures) {
    if (failure.node != node || failure.at + limits::kFailureMemory <= now) continue;
    if (failure.for_good) return true;
    ++failures;
  }
  return failures >= limits::kFailuresPerNode;
}

}  // namespace drover::core
