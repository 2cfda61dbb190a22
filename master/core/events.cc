#include "master/core/events.h"

#include <utility>

namespace drover::core {
namespace {

constexpr const char* kNames[] = {
    "template.created", "template.changed", "template.removed", "instance.created",
    "instance.state",   "instance.update",  "instance.removed", "allocation.placed",
    "task.started",     "task.ended",       "task.unknown",     "task.health",
    "node.joined",      "node.online",      "node.offline",     "node.draining",
    "node.drained",     "node.resumed",     "node.removed",
};
static_assert(std::size(kNames) == kEventKinds);

// One attempt of a task, wherever its status keeps it.
struct Attempt {
  std::uint32_t number = 0;
  UnixMs started_at = 0;
  const TaskEnd& end;
};

// The events of one copy.
class CopyTeller {
 public:
  CopyTeller(const Allocation& copy, const Template* from, UnixMs now,
             std::vector<ClusterEvent>& events)
      : copy_(copy), from_(from), now_(now), events_(events) {}

  void placed() { add(EventKind::allocation_placed); }

  void changed(std::uint32_t task, const TaskStatus& before, const TaskStatus& after) {
    for (const FormerAttempt& each : after.previous) {
      tell_attempt(task, before, {each.attempt, each.started_at, each.end},
                   to_string(TaskState::restarting));
    }
    tell_attempt(task, before, {after.attempt, after.started_at, after.end},
                 to_string(after.state));
    if (after.state == TaskState::unknown && before.state != TaskState::unknown) {
      of_task(EventKind::task_unknown, task, after.attempt).state = to_string(after.state);
    }
    if (after.health.state != before.health.state && after.health.state != Health::unknown) {
      ClusterEvent& event = of_task(EventKind::task_health, task, after.attempt);
      event.state = after.health.state == Health::healthy ? "healthy" : "unhealthy";
      event.detail = after.health.failure;
    }
  }

 private:
  // As far as it was not told with the status before.
  void tell_attempt(std::uint32_t task, const TaskStatus& before, const Attempt& attempt,
                    const char* state) {
    if (attempt.number < before.attempt) return;
    const bool is_new = attempt.number > before.attempt;
    if (is_new && attempt.started_at != 0) {
      of_task(EventKind::task_started, task, attempt.number).state = to_string(TaskState::running);
    }
    const bool had_ended = !is_new && before.end.kind != EndKind::none;
    if (attempt.end.kind == EndKind::none || had_ended) return;
    ClusterEvent& event = of_task(EventKind::task_ended, task, attempt.number);
    event.state = state;
    event.end = attempt.end;
  }

  ClusterEvent& of_task(EventKind kind, std::uint32_t task, std::uint32_t attempt) {
    ClusterEvent& event = add(kind);
    event.attempt = attempt;
    const GroupSpec* group = spec();
    event.task = group != nullptr && task < group->tasks.size() ? group->tasks[task].name
                                                                : std::to_string(task);
    return event;
  }

  ClusterEvent& add(EventKind kind) {
    ClusterEvent& event = events_.emplace_back();
    event.kind = kind;
    event.time = now_;
    event.instance = copy_.id.instance;
    event.allocation = copy_.id;
    event.node = copy_.node;
    event.index = copy_.role.index;
    event.version = copy_.version;
    if (from_ != nullptr) event.template_name = from_->spec.name;
    const GroupSpec* group = spec();
    event.group =
        group != nullptr ? group->name_or(copy_.role.group) : std::to_string(copy_.role.group);
    return event;
  }

  const GroupSpec* spec() const {
    if (from_ == nullptr || copy_.role.group >= from_->spec.groups.size()) return nullptr;
    return &from_->spec.groups[copy_.role.group];
  }

  const Allocation& copy_;
  const Template* const from_;
  const UnixMs now_;
  std::vector<ClusterEvent>& events_;
};

ClusterEvent& add(EventKind kind, const Node& node, UnixMs now, std::vector<ClusterEvent>& events) {
  ClusterEvent& event = events.emplace_back();
  event.kind = kind;
  event.time = now;
  event.node = node.id;
  return event;
}

ClusterEvent event_of(EventKind kind, const Instance& instance, UnixMs now) {
  ClusterEvent event;
  event.kind = kind;
  event.time = now;
  event.instance = instance.id;
  event.template_name = instance.template_name;
  event.version = instance.template_version;
  event.state = to_string(instance.state);
  return event;
}

void tell_drain(const Node* before, const Node& after, UnixMs now,
                std::vector<ClusterEvent>& events) {
  const bool was_draining = before != nullptr && before->drain.has_value();
  if (!after.drain) {
    if (was_draining) add(EventKind::node_resumed, after, now, events);
    return;
  }
  if (!was_draining) add(EventKind::node_draining, after, now, events);
  if (after.drain->done && !(was_draining && before->drain->done)) {
    add(EventKind::node_drained, after, now, events);
  }
}

}  // namespace

const char* to_string(EventKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

void tell(const Template* before, const Template& after, UnixMs now,
          std::vector<ClusterEvent>& events) {
  // A run of its schedule changes the record, too.
  const bool was_there = before != nullptr && !before->removed;
  if (was_there && before->version == after.version && !after.removed) return;
  ClusterEvent& event = events.emplace_back();
  event.kind = after.removed ? EventKind::template_removed
               : was_there   ? EventKind::template_changed
                             : EventKind::template_created;
  event.time = now;
  event.template_name = after.spec.name;
  event.version = after.version;
}

void tell(const Instance* before, const Instance& after, UnixMs now,
          std::vector<ClusterEvent>& events) {
  if (before == nullptr) {
    // In front of its copies, which are recorded first.
    events.insert(events.begin(), event_of(EventKind::instance_created, after, now));
    return;
  }
  const auto state_of = [](const Instance& instance) {
    return instance.rollout ? std::optional(instance.rollout->state) : std::nullopt;
  };
  const bool goes_elsewhere =
      after.rollout && before->rollout && after.rollout->to_version != before->rollout->to_version;
  if (after.rollout && (state_of(*before) != state_of(after) || goes_elsewhere)) {
    ClusterEvent& event = events.emplace_back(event_of(EventKind::instance_update, after, now));
    event.version = after.rollout->to_version;
    event.state = to_string(after.rollout->state);
    event.detail = after.rollout->reason;
  }
  if (before->state != after.state) {
    events.push_back(event_of(EventKind::instance_state, after, now));
  }
}

void tell(const Node* before, const Node& after, UnixMs now, std::vector<ClusterEvent>& events) {
  if (before == nullptr) add(EventKind::node_joined, after, now, events);
  const bool was_online = before != nullptr && before->online;
  if (after.online != was_online) {
    add(after.online ? EventKind::node_online : EventKind::node_offline, after, now, events);
  }
  tell_drain(before, after, now, events);
}

void tell(const Allocation* before, const Allocation& after, const Template* from, UnixMs now,
          std::vector<ClusterEvent>& events) {
  // Another copy in the same slot has nothing to do with the one before.
  if (before != nullptr && before->id != after.id) before = nullptr;
  CopyTeller teller(after, from, now, events);
  const bool was_placed = before != nullptr && before->node == after.node;
  if (after.node && !was_placed) teller.placed();
  static const TaskStatus kFresh;
  for (std::uint32_t task = 0; task < after.tasks.size(); ++task) {
    const bool is_known = before != nullptr && task < before->tasks.size();
    teller.changed(task, is_known ? before->tasks[task] : kFresh, after.tasks[task]);
  }
}

}  // namespace drover::core
