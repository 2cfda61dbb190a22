#include "master/core/instances.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "common/check.h"
#include "common/limits.h"
#include "master/core/nodes.h"

namespace drover::core {
namespace {

// The entry and the allocation in it, if the allocation is a current one.
struct Found {
  InstanceEntry* entry = nullptr;
  const Allocation* allocation = nullptr;
};

Found find(State& state, const AllocationId& id) {
  const auto entry = state.instances.find(id.instance);
  if (entry == state.instances.end()) return {};
  const auto& allocations = entry->second.allocations;
  if (id.group >= allocations.size() || allocations[id.group]->id != id) return {};
  return {&entry->second, allocations[id.group].get()};
}

// Puts the allocation on the best node, or among those that wait.
void place(Edit& edit, InstanceEntry& entry, Allocation allocation) {
  State& state = edit.state();
  const auto chosen = state.placement.choose();
  if (!chosen) {
    state.waiting.insert(allocation.id);
    edit.put(entry, std::move(allocation));
    return;
  }
  NodeEntry& node = state.nodes.at(*chosen);
  state.waiting.erase(allocation.id);
  allocation.node = *chosen;
  allocation.node_incarnation = node.node->incarnation;
  allocation.placed_at = edit.now().unix_ms;
  node.allocations.insert(allocation.id);
  update_placement(state, node);
  const std::uint32_t group = allocation.id.group;
  edit.put(entry, std::move(allocation));
  edit.send(node, StartAllocation{entry.allocations[group], entry.from});
}

// The allocation has ended: its node is relieved of it and may forget it.
void release(Edit& edit, const Allocation& allocation) {
  State& state = edit.state();
  state.waiting.erase(allocation.id);
  if (!allocation.node) return;
  const auto node = state.nodes.find(*allocation.node);
  if (node == state.nodes.end() || node->second.allocations.erase(allocation.id) == 0) return;
  if (node->second.session) update_placement(state, node->second);
  edit.send(node->second, RemoveAllocation{allocation.id});
}

void put_and_release(Edit& edit, InstanceEntry& entry, Allocation allocation) {
  const std::uint32_t group = allocation.id.group;
  edit.put(entry, std::move(allocation));
  const Ptr<Allocation> published = entry.allocations[group];
  if (is_terminal(*published)) release(edit, *published);
}

TaskState state_after(const TaskEnd& end, bool stopped) {
  switch (end.kind) {
    case EndKind::none:
      return TaskState::running;
    case EndKind::lost:
      return TaskState::lost;
    case EndKind::never_started:
      return TaskState::stopped;
    case EndKind::exited:
      if (stopped) return TaskState::stopped;
      return end.code == 0 ? TaskState::succeeded : TaskState::failed;
    case EndKind::signaled:
      return stopped ? TaskState::stopped : TaskState::failed;
    case EndKind::spawn_failed:
      return TaskState::failed;
  }
  check_failed(__FILE__, __LINE__, "EndKind", "not one of its values");
}

// Returns whether the report told something new.
bool apply(TaskStatus& task, const AttemptReport& report, bool stop_requested) {
  // An end that is known never changes, and an earlier attempt says nothing about a later one.
  if (is_terminal(task.state) || report.id.attempt < task.attempt) return false;
  TaskStatus after{state_after(report.end, report.stopped && stop_requested), report.id.attempt,
                   report.started_at, report.ended_at, report.end};
  if (after == task) return false;
  task = std::move(after);
  return true;
}

}  // namespace

Reply create_template(Edit& edit, const CreateTemplate& command) {
  const auto existing = edit.state().templates.find(command.spec.name);
  if (existing != edit.state().templates.end()) {
    const bool same = existing->second->spec == command.spec;
    return {same ? ReplyCode::ok : ReplyCode::template_conflict};
  }
  edit.put(Template{command.spec, command.document, 1, {}});
  return {ReplyCode::ok};
}

Reply deploy(Edit& edit, const Deploy& command) {
  const auto found = edit.state().templates.find(command.template_name);
  if (found == edit.state().templates.end()) return {ReplyCode::unknown_template};
  const Ptr<Template>& from = found->second;

  InstanceEntry& entry = edit.state().instances[command.id];
  DROVER_CHECK(!entry.instance, "the id of a new instance must be new");
  entry.from = from;
  entry.allocations.resize(from->spec.groups.size());
  for (std::uint32_t group = 0; group < entry.allocations.size(); ++group) {
    Allocation allocation;
    allocation.id = {command.id, group, 1};
    allocation.tasks.resize(from->spec.groups[group].tasks.size());
    place(edit, entry, std::move(allocation));
  }

  Instance instance;
  instance.id = command.id;
  instance.template_name = from->spec.name;
  instance.template_version = from->version;
  instance.group_count = static_cast<std::uint32_t>(entry.allocations.size());
  instance.created_at = edit.now().unix_ms;
  instance.state_since = edit.now().unix_ms;
  entry.instance = std::make_shared<const Instance>(instance);  // which derive_state asks
  instance.state = derive_state(entry);
  edit.put(entry, std::move(instance));
  return {ReplyCode::ok};
}

Reply stop(Edit& edit, const Stop& command) {
  const auto found = edit.state().instances.find(command.id);
  if (found == edit.state().instances.end()) return {ReplyCode::unknown_instance};
  InstanceEntry& entry = found->second;
  if (entry.instance->stop_requested) return {ReplyCode::ok};

  Instance instance = *entry.instance;
  instance.stop_requested = true;
  // Not put yet: the wish changes the state, and settle() below puts both as one record.
  entry.instance = std::make_shared<const Instance>(std::move(instance));
  // By value: ending the tasks of one allocation replaces the record.
  const std::vector<Ptr<Allocation>> allocations = entry.allocations;
  for (const Ptr<Allocation>& allocation : allocations) {
    if (is_terminal(*allocation)) continue;
    if (!allocation->node) {
      end_remaining_tasks(edit, allocation->id, TaskState::stopped,
                          {EndKind::never_started, 0, {}});
    } else if (const auto node = edit.state().nodes.find(*allocation->node);
               node != edit.state().nodes.end()) {
      edit.send(node->second, StopAllocation{allocation->id});
    }
  }
  settle(edit, command.id);
  return {ReplyCode::ok};
}

void place_waiting(Edit& edit) {
  State& state = edit.state();
  for (std::size_t placed = 0; placed < limits::kPlacementsPerStep; ++placed) {
    if (state.waiting.empty() || state.placement.size() == 0) return;
    const AllocationId id = *state.waiting.begin();
    const Found found = find(state, id);
    DROVER_CHECK(found.allocation != nullptr, "what waits is a current allocation");
    place(edit, *found.entry, *found.allocation);
    settle(edit, id.instance);
  }
}

void apply_reports(Edit& edit, NodeEntry& node, const std::vector<AttemptReport>& reports) {
  for (std::size_t first = 0; first < reports.size();) {
    // Reports of one allocation that follow each other make one new record.
    const AllocationId id = reports[first].id.allocation;
    std::size_t last = first;
    while (last < reports.size() && reports[last].id.allocation == id) ++last;

    const Found found = find(edit.state(), id);
    if (node.allocations.count(id) == 0 || found.allocation == nullptr) {
      edit.send(node, RemoveAllocation{id});
    } else {
      Allocation after = *found.allocation;
      bool changed = false;
      for (std::size_t place = first; place < last; ++place) {
        const AttemptReport& report = reports[place];
        if (report.id.task >= after.tasks.size()) continue;
        changed |=
            apply(after.tasks[report.id.task], report, found.entry->instance->stop_requested);
      }
      if (changed) {
        put_and_release(edit, *found.entry, std::move(after));
        settle(edit, id.instance);
      }
    }
    first = last;
  }
}

void end_remaining_tasks(Edit& edit, const AllocationId& id, TaskState state, const TaskEnd& end) {
  const Found found = find(edit.state(), id);
  if (found.allocation == nullptr) return;
  Allocation after = *found.allocation;
  for (TaskStatus& task : after.tasks) {
    if (is_terminal(task.state)) continue;
    task.state = state;
    task.end = end;
    task.ended_at = edit.now().unix_ms;
  }
  put_and_release(edit, *found.entry, std::move(after));
}

void settle(Edit& edit, const InstanceId& id) {
  const auto found = edit.state().instances.find(id);
  if (found == edit.state().instances.end()) return;
  InstanceEntry& entry = found->second;
  const InstanceState state = derive_state(entry);
  if (state != entry.instance->state) {
    Instance instance = *entry.instance;
    instance.state = state;
    instance.state_since = edit.now().unix_ms;
    edit.put(entry, std::move(instance));
  }
  if (is_terminal(state)) edit.finish(id);
}

InstanceState derive_state(const InstanceEntry& entry) {
  bool waiting = false;
  bool unplaced = false;
  bool running = false;
  bool failed = false;
  bool stopped = false;
  bool lost = false;
  for (const Ptr<Allocation>& allocation : entry.allocations) {
    for (const TaskStatus& task : allocation->tasks) {
      waiting |= task.state == TaskState::waiting;
      unplaced |= task.state == TaskState::waiting && !allocation->node;
      running |= task.state == TaskState::running;
      failed |= task.state == TaskState::failed;
      stopped |= task.state == TaskState::stopped;
      lost |= task.state == TaskState::lost;
    }
  }
  if (waiting || running) {
    if (entry.instance->stop_requested) return InstanceState::stopping;
    if (failed || lost) return InstanceState::degraded;
    if (unplaced) return InstanceState::pending;
    return waiting ? InstanceState::starting : InstanceState::running;
  }
  if (lost) return InstanceState::lost;
  if (stopped) return InstanceState::stopped;
  if (failed) return InstanceState::failed;
  return InstanceState::completed;
}

}  // namespace drover::core
