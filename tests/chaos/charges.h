// Groups that differ in what shall become of them when their node is lost, each of which marks all
// the time, and their live copies as /proc shows them.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "tests/chaos/oracle.h"
#include "tests/support/cluster.h"

namespace drover::test {

struct Copy {
  pid_t pid = -1;
  std::string instance;
  std::string allocation;
  std::string node;  // its id
};

// Of all processes that carry this token.
std::vector<Copy> live_copies(const std::string& token);

struct Charge {
  enum class Kind {
    once,      // runs once: lost with its node
    patient,   // the same, but its node may be away for a minute
    again,     // replaced elsewhere; the replacement stays
    original,  // replaced elsewhere; the original takes over when its node returns
    alone,     // exclusive, and replaced elsewhere
  };
  Kind kind;
  Work work;
  std::string id;
  Copy first;
};
const char* to_string(Charge::Kind kind);

class Charges {
 public:
  Charges(Cluster& cluster, Oracle& oracle) : cluster_(cluster), oracle_(oracle) {}

  // Deploys each kind until one of it runs on the node of agent number `agent`, and another one
  // elsewhere; waits until all of them run.
  void deploy(int agent);
  const std::vector<Charge>& all() const { return all_; }
  bool is_on(const Charge& charge, int agent) const;

  // The live copies of each instance, of those that have any.
  std::map<std::string, std::vector<Copy>> copies() const;

  // What has become of it; each waits, and fails the test if it never comes to be.
  void expect_untouched(const Charge& charge) const;  // the same process, and no other
  void expect_gone(const Charge& charge) const;       // no process, and reported so
  void expect_replaced(const Charge& charge) const;   // one process, of another copy, elsewhere
  void expect_one_copy(const Charge& charge) const;   // one process, whichever it is
  // While the agent is away for longer than its tasks may be: what runs again has a copy elsewhere.
  void await_replacements(int agent) const;
  // While it is away: of what has not been given up, nobody knows how it stands, and that is said.
  void expect_unknown(int agent) const;
  // While all are, and the master suspects itself.
  void expect_nothing_given_up() const;
  // After its return, each kind on it and elsewhere is as it should be.
  void expect_all_as_after_loss_of(int agent) const;
  // One copy or none, as the master says.
  void expect_told_truly(const Charge& charge) const;

 private:
  void await_replacement(const Charge& charge) const;
  std::string node_of(int agent) const;
  Charge deploy_one(Charge::Kind kind, const Work& work);

  Cluster& cluster_;
  Oracle& oracle_;
  std::vector<Charge> all_;
};

}  // namespace drover::test
