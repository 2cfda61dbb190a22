// The supervisor's own cgroup, as far as it must be arranged for the controllers to be had below
// it: a cgroup that hands controllers to its children may hold no processes itself, but at the
// root. So the supervisor moves into a leaf beside its tasks.
//
//   <own cgroup>                        cgroup.subtree_control: cpu memory
//   |-- drover-<identity>               the same
//   |   `-- <place>                     a task
//   `-- drover-<identity>-supervisor    the supervisor
//
// One thread.
#pragma once

#include <string>

#include "agent/supervisor/cgroup_limits.h"
#include "agent/supervisor/cgroup_tree.h"

namespace drover::supervisor {

class CgroupDelegation {
 public:
  // Hands what there is to `tasks`, a cgroup right below `own`, and moves this process if it must.
  // What cannot be had is in the log, with the remedy.
  CgroupDelegation(CgroupTree own, std::string leaf, const CgroupTree& tasks);

  // What cgroups below `tasks` have.
  Controllers enabled() const { return enabled_; }

  // Takes it all back, once there is nothing below `tasks` any more. Best effort.
  void undo();

 private:
  // Whether no process is left in `own`, as far as that matters. Beside one, memory could not be
  // handed down at all, and cpu only for threads: no task could be born below it then.
  bool make_room();
  bool is_occupied() const;
  bool enable(const CgroupTree& tasks, const char* controller);
  int move_to_leaf();
  void leave_leaf();

  CgroupTree own_;
  std::string leaf_;
  bool in_leaf_ = false;
  Controllers enabled_;
};

}  // namespace drover::supervisor
