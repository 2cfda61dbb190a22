#include "master/core/tally.h"

namespace drover::core {
namespace {

bool is_unplaced(const TaskStatus& task, const Allocation& copy) {
  return task.state == TaskState::waiting && !copy.node;
}

bool is_unhealthy(const TaskStatus& task) { return task.health.state == Health::unhealthy; }

}  // namespace

void TaskTally::add(const Allocation& copy) {
  for (const TaskStatus& task : copy.tasks) {
    ++tasks_[static_cast<std::size_t>(task.state)];
    if (is_unplaced(task, copy)) ++unplaced_;
    if (is_unhealthy(task)) ++unhealthy_;
  }
}

void TaskTally::remove(const Allocation& copy) {
  for (const TaskStatus& task : copy.tasks) {
    --tasks_[static_cast<std::size_t>(task.state)];
    if (is_unplaced(task, copy)) --unplaced_;
    if (is_unhealthy(task)) --unhealthy_;
  }
}

}  // namespace drover::core
