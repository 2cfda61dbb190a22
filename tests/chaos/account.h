// What is known of an instance from all sides, in words, for the message of a test that fails: what
// its client was told, what the master says, what its tasks did, and what was logged of it.
#pragma once

#include <ostream>
#include <string>

#include "tests/chaos/ledger.h"
#include "tests/support/cluster.h"

namespace drover::test {

// Costs nothing until it is written.
struct Account {
  const Cluster& cluster;
  const Deployment& deployment;
  const std::string& marks;  // the file
  const std::string& id;
};
std::ostream& operator<<(std::ostream& out, const Account& account);

// Of some of those that have not ended, and of the processes that are left of a run.
std::string account_of_the_rest(const Cluster& cluster, const Records& records,
                                const std::string& marks, const std::string& token);

}  // namespace drover::test
