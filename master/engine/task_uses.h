// What the running attempts take, as their nodes said last. In memory alone. Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

#include "common/ids.h"
#include "common/mutex.h"
#include "master/core/outcome.h"

namespace drover::engine {

class TaskUses {
 public:
  void put(const std::vector<core::MeasuredTask>& news);
  // Its node is not to be asked about it any more.
  void drop(const AllocationId& id);
  // Nothing: not said, or of an earlier attempt of the task.
  std::optional<core::MeasuredTask> find(const AttemptId& id) const;

 private:
  mutable SharedMutex mutex_;
  // Of each task of an allocation the latest attempt that was heard of.
  std::unordered_map<AllocationId, std::vector<core::MeasuredTask>> uses_ DROVER_GUARDED_BY(mutex_);
  std::atomic<std::size_t> size_{0};  // of `uses_`: where nothing is, nothing is locked
};

}  // namespace drover::engine
