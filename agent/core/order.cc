// The order of the tasks of a group, and what the failure of one of them means for the others. Both
// follow from how the attempts stand and how they have ended, which the journal says: whoever reads
// it comes to the same decision, and nothing else is written down. What waits is `accepted`.
#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "agent/core/machine.h"
#include "common/planted_bug.h"

namespace drover::agent::core {
namespace {

enum class Standing { open, reached, out_of_reach };

Standing standing_of(const Task& task, const TaskSpec& spec, Awaited awaited) {
  const Attempt& last = task.attempts.back();  // where another one follows, it is there already
  if (last.end) {
    return has_succeeded(spec, *last.end) ? Standing::reached : Standing::out_of_reach;
  }
  if (last.phase != Phase::running || awaited == Awaited::succeeded) return Standing::open;
  const bool is_healthy = last.checks && last.checks->health == Health::healthy;
  return awaited == Awaited::started || is_healthy ? Standing::reached : Standing::open;
}

// The tasks of a group by their names.
class Names {
 public:
  explicit Names(const AllocationSpec& spec) {
    for (std::uint32_t task = 0; task < spec.tasks.size(); ++task) {
      tasks_.emplace(spec.tasks[task].name, task);
    }
  }

  // Null: there is none; another version may have let it pass.
  const std::uint32_t* find(const std::string& name) const {
    const auto found = tasks_.find(name);
    return found == tasks_.end() ? nullptr : &found->second;
  }

 private:
  std::unordered_map<std::string_view, std::uint32_t> tasks_;
};

struct Wait {
  Standing standing = Standing::reached;
  std::uint32_t on = 0;  // the task that is out of reach
};

// How all stands that `task` waits for.
Wait wait_of(const Allocation& allocation, std::uint32_t task, const Names& names) {
  Wait wait;
  const std::vector<TaskSpec>& specs = allocation.spec->tasks;
  for (const auto& [name, awaited] : specs[task].after) {
    const std::uint32_t* other = names.find(name);
    if (other == nullptr) continue;
    const Standing each = standing_of(allocation.tasks[*other], specs[*other], awaited);
    if (each == Standing::out_of_reach) return {each, *other};
    if (each == Standing::open) wait.standing = each;
  }
  return wait;
}

std::string failure_of(const std::string& name, const End& end) {
  struct Verb {
    const char* operator()(const Exited&) const { return "has failed"; }
    const char* operator()(const Signalled&) const { return "has failed"; }
    const char* operator()(const SpawnFailed&) const { return "could not be started"; }
    const char* operator()(const Lost&) const { return "was lost"; }
    const char* operator()(const NeverStarted&) const { return "was not begun"; }
  };
  return "'" + name + "' " + std::visit(Verb{}, end.cause);
}

bool has_order(const AllocationSpec& spec) {
  return std::any_of(spec.tasks.begin(), spec.tasks.end(),
                     [](const TaskSpec& task) { return !task.after.empty(); });
}

}  // namespace

void Machine::settle_groups() {
  while (!disturbed_.empty()) {
    const AllocationId id = *disturbed_.begin();
    disturbed_.erase(disturbed_.begin());
    settle(id);
  }
}

void Machine::settle(const AllocationId& id) {
  Allocation* allocation = state_.allocation(id);
  if (allocation == nullptr) return;
  if (allocation->group_ends()) return end_group(*allocation);
  if (allocation->must_end() || !has_order(*allocation->spec)) return;
  // What ends puts an end to what waits for it in turn.
  while (begin_or_end_waiting(id)) {
  }
}

// What has a process is told when there is a supervisor: see repeat_wish().
void Machine::end_group(Allocation& allocation) {
  if (planted(PlantedBug::spare_group)) return;
  for_each_attempt(allocation, [this](const AttemptId& id, Attempt& attempt) {
    const bool waits = attempt.phase == Phase::accepted || attempt.phase == Phase::pausing;
    const bool goes_on = attempt.phase == Phase::spawning || attempt.phase == Phase::running;
    if (!waits && !(goes_on && state_.supervisor)) return;
    note(false, "task ends with its group", {{"attempt", id.text()}});
    stop(id, attempt, now_.steady_ms);
  });
}

// Whether anything has ended by it. A later begin is like a restart: it needs the lease, and room
// to be recorded.
bool Machine::begin_or_end_waiting(const AllocationId& id) {
  Allocation& allocation = *state_.allocation(id);
  const Names names(*allocation.spec);
  bool has_ended = false;
  for (std::uint32_t task = 0; task < allocation.tasks.size(); ++task) {
    Attempt& attempt = allocation.tasks[task].attempts.back();
    if (attempt.phase != Phase::accepted || allocation.spec->tasks[task].after.empty()) continue;
    const AttemptId waiting{id, task, allocation.tasks[task].last_attempt()};
    const Wait wait = wait_of(allocation, task, names);
    if (wait.standing == Standing::out_of_reach) {
      end_waiting(waiting, attempt, wait.on);
      has_ended = true;
    } else if (wait.standing == Standing::reached && state_.can_restart()) {
      has_ended |= !begin_later(waiting, attempt);
    }
  }
  return has_ended;
}

void Machine::end_waiting(const AttemptId& id, Attempt& attempt, std::uint32_t failed_task) {
  const Allocation& allocation = *state_.allocation(id.allocation);
  const End& end = *allocation.tasks[failed_task].attempts.back().end;
  // The group as a whole was not begun, and can be placed anew.
  if (end.fenced) return withhold(id, attempt);
  std::string why = failure_of(allocation.spec->tasks[failed_task].name, end);
  note(false, "task is not begun", {{"attempt", id.text()}, {"cause", why}});
  finish(id, attempt, NeverStarted{std::move(why)});
}

void Machine::disturb_all() {
  for (const auto& [id, allocation] : state_.allocations) disturbed_.insert(id);
}

// Why an attempt that is to end has no process yet.
NeverStarted Machine::not_begun(const Allocation& allocation) const {
  if (allocation.end_wished() || allocation.fenced) return {};
  for (std::size_t task = 0; task < allocation.tasks.size(); ++task) {
    const Attempt& last = allocation.tasks[task].attempts.back();
    if (!last.end || last.end->reason == EndReason::group) continue;
    const TaskSpec& spec = allocation.spec->tasks[task];
    if (!has_succeeded(spec, *last.end)) return {failure_of(spec.name, *last.end)};
  }
  return {};
}

}  // namespace drover::agent::core
