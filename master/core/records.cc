#include "master/core/records.h"

#include <algorithm>

#include "common/check.h"

namespace drover::core {

bool is_terminal(TaskState state) {
  return state != TaskState::waiting && state != TaskState::running;
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
  }
  check_failed(__FILE__, __LINE__, "TaskState", "not one of its values");
}

bool is_terminal(const Allocation& allocation) {
  return std::all_of(allocation.tasks.begin(), allocation.tasks.end(),
                     [](const TaskStatus& task) { return is_terminal(task.state); });
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
