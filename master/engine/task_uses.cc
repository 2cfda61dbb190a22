#include "master/engine/task_uses.h"

#include <algorithm>

namespace drover::engine {
namespace {

template <class Uses>
auto of_task(Uses& uses, std::uint32_t task) {
  return std::find_if(uses.begin(), uses.end(),
                      [task](const core::MeasuredTask& use) { return use.attempt.task == task; });
}

}  // namespace

void TaskUses::put(const std::vector<core::MeasuredTask>& news) {
  if (news.empty()) return;
  const WriteLock lock(mutex_);
  for (const core::MeasuredTask& use : news) {
    std::vector<core::MeasuredTask>& uses = uses_[use.attempt.allocation];
    const auto known = of_task(uses, use.attempt.task);
    if (known == uses.end()) {
      uses.push_back(use);
    } else if (known->attempt.attempt <= use.attempt.attempt) {
      *known = use;
    }
  }
  size_ = uses_.size();
}

void TaskUses::drop(const AllocationId& id) {
  if (size_ == 0) return;
  const WriteLock lock(mutex_);
  uses_.erase(id);
  size_ = uses_.size();
}

std::optional<core::MeasuredTask> TaskUses::find(const AttemptId& id) const {
  const ReadLock lock(mutex_);
  const auto found = uses_.find(id.allocation);
  if (found == uses_.end()) return std::nullopt;
  const auto use = of_task(found->second, id.task);
  if (use == found->second.end() || use->attempt != id) return std::nullopt;
  return *use;
}

}  // namespace drover::engine
