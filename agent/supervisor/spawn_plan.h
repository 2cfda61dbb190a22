// All that one child needs, made ready before it exists, and the memory that this lives in.
#pragma once

#include <string>
#include <vector>

#include "agent/supervisor/child.h"
#include "agent/supervisor/user.h"
#include "common/unique_fd.h"
#include "drover/supervisor.pb.h"

namespace drover::supervisor {

// Where an attempt's process is to be born, as its containment wants it.
struct Birthplace {
  int cgroup = -1;          // the directory; -1: no cgroup
  UniqueFd held;            // that one, where its containment does not keep it open
  std::string environment;  // one more "KEY=value"; empty: none
};

// What could not be done, in the words of SpawnFailure.
struct Failure {
  int error_number = 0;  // errno; 0: nothing failed
  const char* step = nullptr;
};

class SpawnPlan {
 public:
  // Both arguments outlive the plan.
  SpawnPlan(const Spawn& request, const Birthplace& place) : request_(request), place_(place) {}
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  // Called once. Looks up the user, makes the input, and fills what child() gives.
  Failure prepare();

  ChildPlan& child() { return child_; }
  int input_fd() const { return input_ ? input_.get() : kNullFd; }

 private:
  Failure take_user();
  Failure take_limits();
  void fill_candidates();
  void fill_arguments();
  void fill_environment();

  const Spawn& request_;
  const Birthplace& place_;
  ChildPlan child_;
  std::vector<std::string> paths_;  // to the program
  std::vector<std::string> added_;  // to the environment
  UniqueFd input_;
};

}  // namespace drover::supervisor
