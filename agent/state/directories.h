// The directories of allocations: made before the first task, kept for a while after the last.
#pragma once

#include <cstddef>
#include <deque>
#include <set>
#include <string>

#include "agent/state/layout.h"
#include "agent/state/spare_directories.h"
#include "common/ids.h"
#include "common/limits.h"
#include "common/result.h"

namespace drover::agent::state {

// One thread.
class Directories {
 public:
  // Keeps the directories of the `kept` allocations that were removed last.
  Directories(Layout layout, std::size_t kept)
      : layout_(std::move(layout)),
        kept_(kept),
        spares_(layout_.spare(), limits::kSpareDirectories) {}

  // Makes the parents, and looks once which directories are there: those of allocations that are
  // not `held` count as removed, the oldest first.
  Status open(const std::set<AllocationId>& held);

  // Makes the working directory of an allocation; exists already: fine.
  // `for_users`: tasks of other users are to find their way into it.
  Status make_work(const AllocationId& id, bool for_users);

  // The allocation is forgotten. Its directories go now if there is nothing in them, else when
  // their turn comes. Touches no directory but its own and the one whose turn it is.
  void retire(const AllocationId& id);

  // The output of one attempt goes now.
  void drop_output(const AttemptId& id);

 private:
  void prune();
  void open_ways();

  const Layout layout_;
  const std::size_t kept_;
  std::deque<AllocationId> retired_;  // oldest first
  SpareDirectories spares_;           // for working directories
  bool ways_are_open_ = false;
};

}  // namespace drover::agent::state
