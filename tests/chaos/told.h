// What the master tells of an instance, by GET /api/v1/instances/ID.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/cluster.h"

namespace drover::test {

struct ToldTask {
  std::string allocation;  // of the present copy of its group
  std::string name;
  std::string state;
  std::optional<int> exit_code;
  bool by_signal = false;
  bool fenced = false;  // its node ended it, as its lease had run out
};

struct Told {
  std::string state;
  std::string cause;
  std::vector<ToldTask> tasks;        // of all groups
  std::set<std::string> allocations;  // present and former copies of all groups

  bool is_over() const;
  bool has_fenced() const;       // a task
  bool ended_by_signal() const;  // all tasks
};

// Fails the test where the answer is not a success.
Told told_of(const Cluster& cluster, const std::string& id);

// How many instances have not ended, as the master says by GET /api/v1/cluster; -1 and a failure of
// the test where it does not.
int live_instances(const Cluster& cluster);

}  // namespace drover::test
