// How many tasks of an instance stand how, so that its state is known without a look at each.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "master/core/records.h"

namespace drover::core {

class TaskTally {
 public:
  void add(const Allocation& copy);
  // It must have been added, as it is.
  void remove(const Allocation& copy);

  bool has(TaskState state) const { return tasks_[static_cast<std::size_t>(state)] > 0; }
  // Tasks that wait because their copy has no node.
  bool has_unplaced() const { return unplaced_ > 0; }
  // Tasks whose checks have failed.
  bool has_unhealthy() const { return unhealthy_ > 0; }

 private:
  std::array<std::uint32_t, kTaskStates> tasks_{};
  std::uint32_t unplaced_ = 0;
  std::uint32_t unhealthy_ = 0;
};

}  // namespace drover::core
