// Starts processes. One thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "agent/supervisor/child.h"
#include "agent/supervisor/clone.h"
#include "agent/supervisor/process_setup.h"
#include "agent/supervisor/spawn_plan.h"
#include "common/result.h"
#include "common/unique_fd.h"
#include "drover/supervisor.pb.h"

namespace drover::supervisor {

struct Spawned {
  pid_t pid = -1;  // -1: no process was made
  UniqueFd pidfd;
  // 0: the program runs. Otherwise errno, and what failed. With a pid, the process has failed
  // before exec and is about to exit: it must be reaped like any other.
  int error_number = 0;
  const char* failed_step = nullptr;
};

class Spawner {
 public:
  static Result<Spawner> create(Inheritance inheritance);

  // Makes one process that fails, and reaps it, to learn whether children can be born inside
  // `place`; from then on they are made elsewhere and move there if they cannot.
  void try_birth(const Birthplace& place);

  // Starts the program. The output goes to the two descriptors, which stay the caller's and must
  // be closed on exec. Blocks until exec is done, which is as long as the file system takes; of a
  // task of another user, who could hold it up, limits::kSpawnTime at the most (then ETIMEDOUT).
  Spawned spawn(const Spawn& request, const Birthplace& place, int stdout_fd, int stderr_fd);

 private:
  Spawner(Inheritance inheritance, CloneStack stack);
  Spawned spawn_sharing(SpawnPlan& plan, const Birthplace& place);
  Spawned spawn_apart(SpawnPlan& plan, const Birthplace& place);
  Cloned clone(ChildPlan& plan, const Birthplace& place);
  Cloned clone_and_join(ChildPlan& plan, const Birthplace& place);

  const Inheritance inheritance_;
  CloneStack stack_;
  const bool can_unshare_;   // close_range is there: children share the table at first
  bool uses_clone3_ = true;  // until it has failed to do what is wanted
};

}  // namespace drover::supervisor
