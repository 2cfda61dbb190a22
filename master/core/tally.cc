#include "master/core/tally.h"

namespace drover::core {
namespace {

template <class Count>
void count_tasks(const Allocation& copy, Count count) {
  for (const TaskStatus& task : copy.tasks) {
    count(task.state, task.state == TaskState::waiting && !copy.node);
  }
}

}  // namespace

void TaskTally::add(const Allocation& copy) {
  count_tasks(copy, [this](TaskState state, bool unplaced) {
    ++tasks_[static_cast<std::size_t>(state)];
    if (unplaced) ++unplaced_;
  });
}

void TaskTally::remove(const Allocation& copy) {
  count_tasks(copy, [this](TaskState state, bool unplaced) {
    --tasks_[static_cast<std::size_t>(state)];
    if (unplaced) --unplaced_;
  });
}

}  // namespace drover::core
