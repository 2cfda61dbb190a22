// Where everything is in the agent's state directory:
//
//   STATE/
//   |-- lock               held by the agent that uses the directory
//   |-- identity           the node's id and secret
//   |-- epoch              the highest epoch of a master that was obeyed
//   |-- journal            the allocations held, and what became of their attempts
//   |-- damaged/           pieces of the journal that could not be read
//   |-- supervisor.sock    where the supervisor listens; its lock and its log are beside it
//   |-- work/ALLOCATION/   working directory of an allocation's tasks
//   |-- spare/             empty directories, for the next of those
//   `-- output/ALLOCATION/
//       |-- TASK.ATTEMPT.stdout    the newest output; TASK is the position in the group, from 0
//       |-- TASK.ATTEMPT.stdout.1  what came before it
//       `-- TASK.ATTEMPT.stderr ...
//
// ALLOCATION is AllocationId::text(). What is under work and output of an allocation stays until
// limits::kFinishedOutputsKept others have been removed after it.
#pragma once

#include <string>

#include "common/ids.h"

namespace drover::agent::state {

struct Layout {
  std::string root;  // an absolute path: tasks have other working directories

  std::string lock() const { return root + "/lock"; }
  std::string identity() const { return root + "/identity"; }
  std::string epoch() const { return root + "/epoch"; }
  std::string journal() const { return root + "/journal"; }
  std::string damaged() const { return root + "/damaged"; }
  std::string supervisor_socket() const { return root + "/supervisor.sock"; }
  std::string work() const { return root + "/work"; }
  std::string work_of(const AllocationId& id) const { return work() + '/' + id.text(); }
  std::string spare() const { return root + "/spare"; }
  std::string output() const { return root + "/output"; }
  std::string output_of(const AllocationId& id) const { return output() + '/' + id.text(); }
  // Without ".stdout" or ".stderr".
  std::string output_of(const AttemptId& id) const {
    return output_of(id.allocation) + '/' + std::to_string(id.task) + '.' +
           std::to_string(id.attempt);
  }
};

}  // namespace drover::agent::state
