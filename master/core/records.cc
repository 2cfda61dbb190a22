#include "master/core/records.h"

#include <algorithm>

#include "common/check.h"
#include "common/limits.h"

namespace drover::core {

const char* to_string(OnReturn choice) {
  switch (choice) {
    case OnReturn::keep_replacement:
      return "keep_replacement";
    case OnReturn::keep_original:
      return "keep_original";
  }
  check_failed(__FILE__, __LINE__, "OnReturn", "not one of its values");
}

const char* to_string(WaitReason reason) {
  switch (reason) {
    case WaitReason::none:
      return "none";
    case WaitReason::no_node:
      return "no_node";
    case WaitReason::backoff:
      return "backoff";
    case WaitReason::nodes_avoided:
      return "nodes_avoided";
    case WaitReason::node_lost:
      return "node_lost";
    case WaitReason::no_match:
      return "no_match";
    case WaitReason::no_room:
      return "no_room";
    case WaitReason::gang:
      return "gang";
    case WaitReason::drained:
      return "drained";
    case WaitReason::its_node:
      return "its_node";
  }
  check_failed(__FILE__, __LINE__, "WaitReason", "not one of its values");
}

std::chrono::milliseconds longest_grace(const GroupSpec& group) {
  std::chrono::milliseconds longest{0};
  for (const TaskSpec& task : group.tasks) {
    longest = std::max(longest, task.grace());
  }
  return longest;
}

std::uint32_t GroupSpec::max_parallel() const {
  return update ? update->max_parallel.value_or(limits::kMaxParallel) : limits::kMaxParallel;
}

std::chrono::milliseconds GroupSpec::min_healthy_time() const {
  const std::chrono::milliseconds common = limits::kMinHealthyTime;
  return update ? update->min_healthy_time.value_or(common) : common;
}

std::chrono::milliseconds GroupSpec::healthy_deadline() const {
  const std::chrono::milliseconds common = limits::kHealthyDeadline;
  return update ? update->healthy_deadline.value_or(common) : common;
}

bool is_under_way(RolloutState state) {
  return state == RolloutState::updating || state == RolloutState::reverting;
}

const char* to_string(RolloutState state) {
  switch (state) {
    case RolloutState::updating:
      return "updating";
    case RolloutState::updated:
      return "updated";
    case RolloutState::reverting:
      return "reverting";
    case RolloutState::reverted:
      return "reverted";
    case RolloutState::failed:
      return "failed";
  }
  check_failed(__FILE__, __LINE__, "RolloutState", "not one of its values");
}

std::uint32_t TemplateSpec::slots() const {
  std::uint32_t sum = 0;
  for (const GroupSpec& group : groups) sum += group.copies();
  return sum;
}

std::optional<std::uint32_t> TemplateSpec::find_group(const std::string& called) const {
  for (std::uint32_t group = 0; group < groups.size(); ++group) {
    if (groups[group].name_or(group) == called) return group;
  }
  return std::nullopt;
}

SlotRole first_role(const TemplateSpec& spec, std::uint32_t slot) {
  for (std::uint32_t group = 0; group < spec.groups.size(); ++group) {
    const std::uint32_t copies = spec.groups[group].copies();
    if (slot < copies) return {group, slot};
    slot -= copies;
  }
  return {};
}

bool is_terminal(TaskState state) {
  switch (state) {
    case TaskState::waiting:
    case TaskState::running:
    case TaskState::unknown:
    case TaskState::restarting:
      return false;
    case TaskState::succeeded:
    case TaskState::failed:
    case TaskState::stopped:
    case TaskState::lost:
      return true;
  }
  check_failed(__FILE__, __LINE__, "TaskState", "not one of its values");
}

const char* to_string(TaskState state) {
  switch (state) {
    case TaskState::waiting:
      return "waiting";
    case TaskState::running:
      return "running";
    case TaskState::succeeded:
      return "succeeded";
    case TaskState::failed:
      return "failed";
    case TaskState::stopped:
      return "stopped";
    case TaskState::lost:
      return "lost";
    case TaskState::unknown:
      return "unknown";
    case TaskState::restarting:
      return "restarting";
  }
  check_failed(__FILE__, __LINE__, "TaskState", "not one of its values");
}

Allocation first_copy(const Template& from, const InstanceId& instance, std::uint32_t slot,
                      const SlotRole& role) {
  Allocation copy;
  copy.id = {instance, slot, 1};
  copy.role = role;
  copy.version = from.version;
  copy.tasks.resize(from.spec.groups.at(role.group).tasks.size());
  return copy;
}

bool is_terminal(const Allocation& allocation) {
  return std::all_of(allocation.tasks.begin(), allocation.tasks.end(),
                     [](const TaskStatus& task) { return is_terminal(task.state); });
}

bool is_unknown(const Allocation& allocation) {
  return std::any_of(allocation.tasks.begin(), allocation.tasks.end(),
                     [](const TaskStatus& task) { return task.state == TaskState::unknown; });
}

bool was_reported(const Allocation& allocation) {
  return std::any_of(allocation.tasks.begin(), allocation.tasks.end(),
                     [](const TaskStatus& task) { return task.attempt > 0; });
}

const TaskStatus& worst_task(const Allocation& allocation) {
  DROVER_CHECK(!allocation.tasks.empty(), "a group has at least one task");
  const TaskStatus* worst = &allocation.tasks.front();
  const auto badness = [](TaskState state) {
    switch (state) {
      case TaskState::lost:
      case TaskState::unknown:
        return 3;
      case TaskState::failed:
        return 2;
      case TaskState::stopped:
        return 1;
      default:
        return 0;
    }
  };
  for (const TaskStatus& task : allocation.tasks) {
    if (badness(task.state) > badness(worst->state)) worst = &task;
  }
  return *worst;
}

std::uint32_t next_generation(const Allocation& allocation) {
  std::uint32_t newest = allocation.id.generation;
  for (const FormerCopy& copy : allocation.former) {
    if (!copy.slot) newest = std::max(newest, copy.generation);
  }
  return newest + 1;
}

bool is_terminal(InstanceState state) {
  switch (state) {
    case InstanceState::completed:
    case InstanceState::failed:
    case InstanceState::stopped:
    case InstanceState::lost:
      return true;
    case InstanceState::pending:
    case InstanceState::starting:
    case InstanceState::running:
    case InstanceState::degraded:
    case InstanceState::stopping:
      return false;
  }
  check_failed(__FILE__, __LINE__, "InstanceState", "not one of its values");
}

const char* to_string(InstanceState state) {
  switch (state) {
    case InstanceState::pending:
      return "pending";
    case InstanceState::starting:
      return "starting";
    case InstanceState::running:
      return "running";
    case InstanceState::degraded:
      return "degraded";
    case InstanceState::completed:
      return "completed";
    case InstanceState::failed:
      return "failed";
    case InstanceState::stopping:
      return "stopping";
    case InstanceState::stopped:
      return "stopped";
    case InstanceState::lost:
      return "lost";
  }
  check_failed(__FILE__, __LINE__, "InstanceState", "not one of its values");
}

}  // namespace drover::core
