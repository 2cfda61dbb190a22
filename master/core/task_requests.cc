#include "master/core/task_requests.h"

#include <optional>
#include <utility>
#include <vector>

#include "master/core/instances.h"

namespace drover::core {
namespace {

// A task that may run: its node may be silent.
struct Target {
  Ptr<Allocation> copy;
  std::uint32_t task = 0;

  AttemptId attempt() const { return {copy->id, task, copy->tasks[task].attempt}; }
};

bool runs(const TaskStatus& task) {
  const bool may_run = task.state == TaskState::running || task.state == TaskState::unknown;
  return may_run && task.attempt > 0 && task.end.kind == EndKind::none;
}

// Whether the name is that of something that the versions of the copies have.
struct Known {
  bool group = false;
  bool task = false;
};

class Selection {
 public:
  Selection(const InstanceEntry& entry, const TaskSelection& wanted) : wanted_(wanted) {
    for (const auto& [number, slot] : entry.slots) look_at(entry, slot.allocation);
  }

  // Or why there are none.
  ReplyCode code() const {
    if (!known_.group) return ReplyCode::unknown_group;
    if (!known_.task) return ReplyCode::unknown_task;
    return targets_.empty() ? ReplyCode::nothing_running : ReplyCode::ok;
  }
  const std::vector<Target>& targets() const { return targets_; }

 private:
  void look_at(const InstanceEntry& entry, const Ptr<Allocation>& copy) {
    const Ptr<Template>& from = entry.source(*copy);
    if (!from) return;
    if (!wanted_.group.empty() && from->spec.find_group(wanted_.group) != copy->role.group) return;
    known_.group = true;
    const GroupSpec& group = from->spec.groups.at(copy->role.group);
    const bool is_copy = !wanted_.index || *wanted_.index == copy->role.index;
    for (std::uint32_t task = 0; task < copy->tasks.size(); ++task) {
      if (!wanted_.task.empty() && group.tasks.at(task).name != wanted_.task) continue;
      known_.task = true;
      if (is_copy && copy->node && runs(copy->tasks[task])) targets_.push_back({copy, task});
    }
  }

  const TaskSelection& wanted_;
  Known known_;
  std::vector<Target> targets_;
};

// Null: it cannot be told anything now.
const NodeEntry* reachable(const State& state, const NodeId& id) {
  const auto node = state.nodes.find(id);
  return node == state.nodes.end() || !node->second.session ? nullptr : &node->second;
}

void wish_restart(Edit& edit, InstanceEntry& entry, const Target& target) {
  Allocation after = *entry.slots.at(target.copy->id.slot).allocation;
  after.tasks[target.task].restart_wished = after.tasks[target.task].attempt;
  edit.put(entry, std::move(after));
}

// Calls `tell(target, node)` for what runs of these; the node is null where it cannot be told
// anything now.
template <class Tell>
Reply ask_each(Edit& edit, InstanceEntry& entry, const TaskSelection& tasks, Tell tell) {
  const Selection selection(entry, tasks);
  if (selection.code() != ReplyCode::ok) return {selection.code()};
  Reply reply;
  for (const Target& target : selection.targets()) {
    const NodeEntry* node = reachable(edit.state(), *target.copy->node);
    ++reply.tasks;
    if (node == nullptr) ++reply.unreachable;
    tell(target, node);
  }
  return reply;
}

}  // namespace

Reply restart_tasks(Edit& edit, const RestartTasks& command) {
  const auto found = edit.state().instances.find(command.id);
  if (found == edit.state().instances.end()) return {ReplyCode::unknown_instance};
  InstanceEntry& entry = found->second;
  if (entry.instance->stop_requested) return {ReplyCode::stopping};
  return ask_each(edit, entry, command.tasks, [&](const Target& target, const NodeEntry* node) {
    wish_restart(edit, entry, target);
    if (node != nullptr) edit.send(*node, RestartTask{target.attempt()});
  });
}

Reply signal_tasks(Edit& edit, const SignalTasks& command) {
  const auto found = edit.state().instances.find(command.id);
  if (found == edit.state().instances.end()) return {ReplyCode::unknown_instance};
  return ask_each(edit, found->second, command.tasks,
                  [&](const Target& target, const NodeEntry* node) {
                    if (node == nullptr) return;
                    edit.send(*node, SignalTask{target.attempt(), command.signal});
                  });
}

void tell_restarts(Edit& edit, const NodeEntry& node) {
  for (const auto& [id, resources] : node.allocations) {
    const auto entry = edit.state().instances.find(id.instance);
    if (entry == edit.state().instances.end()) continue;
    const auto slot = entry->second.slots.find(id.slot);
    if (slot == entry->second.slots.end() || slot->second.allocation->id != id) continue;
    const Allocation& copy = *slot->second.allocation;
    for (std::uint32_t task = 0; task < copy.tasks.size(); ++task) {
      const TaskStatus& status = copy.tasks[task];
      if (status.restart_wished == 0 || status.restart_wished != status.attempt) continue;
      if (runs(status)) edit.send(node, RestartTask{{id, task, status.attempt}});
    }
  }
}

}  // namespace drover::core
