// Compares three accounts of what happened: what clients were told (the ledger), what tasks did
// (the marks) and what the master says. They have to agree on this:
//
//   nothing lost    every acknowledged template, deployment and stop is known, and ended as it had
//                   to; where something was done to nodes, a task may be lost instead
//   nothing made up a task that is said to have succeeded has marked its end, and every copy that
//                   has left a mark is told of
//   nothing twice   no attempt begins twice, and no task that may run once begins a second time,
//                   those of deployments whose answer was lost included
//   stops final     a stopped instance has no process once it is over, and begins nothing later
//                   than `stop_reach` after the acknowledgement, or after its node could be reached
//                   again: a start that was under way then is overtaken by the stop as soon as
//                   the node hears of it
//   no orphans      when everything has ended, no process carries the token of this run, and no
//                   supervisor knows of an attempt
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/chaos/ledger.h"
#include "tests/chaos/marks.h"
#include "tests/chaos/work.h"
#include "tests/support/cluster.h"

namespace drover::test {

// Whether something was done to the nodes that may cost tasks their lives.
enum class Losses { illegal, legal };

class Oracle {
 public:
  explicit Oracle(const std::string& directory);

  Ledger& ledger() { return ledger_; }
  const std::vector<Work>& works() const { return works_; }
  const std::string& marks() const { return marks_; }
  const std::string& token() const { return token_; }
  // Creates the template of each kind of work.
  void create_works(Cluster& cluster);

  // Nodes could not be reached for a while, and can be now: what was on its way to them arrives.
  void all_reachable_again() { reachable_since_ = boot_now(); }
  // With all parts up: stops what has no end of its own, and waits until everything is over.
  void settle(const Cluster& cluster);
  // After that: compares, and fails the test for every disagreement.
  void judge(const Cluster& cluster, Losses losses, std::chrono::milliseconds stop_reach);
  // Figures in one line, as far as they are known.
  std::string summary() const;

 private:
  bool all_over(const Cluster& cluster);
  void stop_unknown(const Cluster& cluster);
  void judge_marks(const Cluster& cluster, const Records& records,
                   std::chrono::milliseconds stop_reach);
  void judge_instance(const Cluster& cluster, const std::string& id, const Deployment& deployment,
                      Losses losses);
  void judge_remains(const Cluster& cluster, const Records& records);

  struct Runs {
    std::size_t begun = 0;
    std::set<std::string> ended;        // "ALLOCATION task"
    std::set<std::string> allocations;  // that have begun
  };
  void count_runs();

  const std::string marks_;
  const std::string token_;
  const std::vector<Work> works_;
  Ledger ledger_;
  std::map<std::string, Runs> runs_;       // of each instance that has left a mark
  std::map<std::string, BootMs> stopped_;  // of unknown instances: when the stop was acknowledged
  BootMs reachable_since_ = 0;
  std::size_t lost_ = 0;
};

}  // namespace drover::test
