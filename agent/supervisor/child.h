// What a cloned child does between its birth and exec.
//
// It shares the supervisor's memory and may make plain system calls only: everything that it
// needs is prepared in a ChildPlan. In this order it
//   joins its cgroup, where clone could not do it;
//   leaves the shared descriptor table, keeping the standard and the reserved descriptors alone;
//   makes those its standard input, output and error output;
//   becomes a session of its own, and asks to be killed with the supervisor;
//   takes back oom_score_adj 0, the limit of open files, umask 022, an empty signal mask;
//   changes to the working directory and executes the first candidate that can be executed.
// A file that is executable but in no format that the kernel knows (ENOEXEC) is given to /bin/sh,
// as execvp(3) and every shell do, unless there is a NUL byte in its beginning.
#pragma once

#include <vector>

#include "agent/supervisor/process_setup.h"

namespace drover::supervisor {

struct ChildPlan {
  // Ends with nullptr, like the two below.
  std::vector<const char*> candidates;
  // "/bin/sh", then a place for the script's path, then the arguments after the program's name.
  // The program's own argument vector begins at the second entry.
  std::vector<const char*> shell_arguments;
  std::vector<const char*> environment;
  const char* working_dir = "/";
  const Inheritance* inheritance = nullptr;
  bool shares_files = false;
  int join_cgroup_fd = -1;  // cgroup.procs to join; -1: nothing to join

  // Written by the child when it fails, before it exits.
  volatile int error_number = 0;
  const char* volatile failed_step = nullptr;  // a stable word of static storage
};

// Takes a ChildPlan. Never returns.
int child_main(void* plan);

}  // namespace drover::supervisor
