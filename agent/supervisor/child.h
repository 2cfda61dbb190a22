// What a cloned child does between its birth and exec.
//
// It may share the supervisor's memory, and makes plain system calls only: everything that it
// needs is prepared in a ChildPlan. In this order it
//   joins its cgroup, where clone could not do it;
//   leaves the shared descriptor table, keeping the standard and the reserved descriptors alone;
//   makes those its standard input, output and error output;
//   becomes a session of its own;
//   takes back oom_score_adj 0 and the limit of open files, and takes its limits and its umask;
//   becomes its user, with the groups of that user and no others;
//   asks to be killed with the supervisor, which it could not keep through the change of user;
//   takes an empty signal mask;
//   changes to the working directory and executes the first candidate that can be executed.
// A directory of Drover's own is entered before the change of user: what lies above it is ours.
// A file that is executable but in no format that the kernel knows (ENOEXEC) is given to /bin/sh,
// as execvp(3) and every shell do, unless there is a NUL byte in its beginning.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <vector>

#include "agent/supervisor/process_setup.h"

namespace drover::supervisor {

struct ChildLimit {
  int resource = 0;
  rlimit value{};
  const char* step = nullptr;  // a stable word of static storage, where it is refused
};

// What a child that does not share our memory says when it fails.
struct ChildFailure {
  int error_number = 0;
  const char* step = nullptr;  // in our memory as in the child's
};

struct ChildPlan {
  // Ends with nullptr, like the two below.
  std::vector<const char*> candidates;
  // "/bin/sh", then a place for the script's path, then the arguments after the program's name.
  // The program's own argument vector begins at the second entry.
  std::vector<const char*> shell_arguments;
  std::vector<const char*> environment;
  std::vector<ChildLimit> limits;
  const char* working_dir = "/";
  mode_t umask = 022;
  bool changes_user = false;
  bool enters_before_user = false;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
  const Inheritance* inheritance = nullptr;
  bool shares_files = false;
  int join_cgroup_fd = -1;  // cgroup.procs to join; -1: nothing to join
  int report_fd = -1;       // takes a ChildFailure; -1: the memory is shared

  // Written by the child when it fails, before it exits.
  volatile int error_number = 0;
  const char* volatile failed_step = nullptr;  // a stable word of static storage
};

// Takes a ChildPlan. Never returns.
int child_main(void* plan);

}  // namespace drover::supervisor
