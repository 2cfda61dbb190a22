// A master and one agent with its supervisor as real programs on this machine, and what each of
// them costs. Everything is in one directory under TMPDIR and goes with the object.
#pragma once

#include <sys/types.h>

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "tests/support/cluster.h"

namespace drover::bench {

// CPU time in seconds, at one moment or between two.
struct Costs {
  double master = 0;
  double agent = 0;
  double supervisor = 0;
  double tasks = 0;    // those that have ended
  double client = 0;   // the thread that asks
  double machine = 0;  // all of it, these included

  Costs operator-(const Costs& earlier) const;
  Costs& operator+=(const Costs& more);
  double ours() const { return master + agent + supervisor + tasks + client; }
  // In microseconds for each of `count`, by program; "elsewhere" is what none of these has taken:
  // the kernel's own threads, and strangers.
  boost::json::object each(double count) const;
};

// Directories that are elsewhere; empty: a new one beside the others. They stay.
struct Places {
  std::string data_dir = {};   // of the master
  std::string state_dir = {};  // of the agent
};

class LocalCluster {
 public:
  // Starts all and waits until the node is online.
  explicit LocalCluster(const Places& places = {},
                        const std::vector<std::string>& master_flags = {});

  test::Cluster& programs() { return cluster_; }
  std::uint16_t http_port() const { return cluster_.http_port(); }
  pid_t master();
  pid_t agent();
  pid_t supervisor() const { return supervisor_; }

  // "processes", "fsync", "file system" of the master, that of the agent, and what the node lacks,
  // as its agent says.
  boost::json::object conditions() const;

  // Up to now. From the thread that asks.
  Costs costs();

 private:
  const std::string data_dir_;
  test::Cluster cluster_;
  pid_t supervisor_ = -1;
};

}  // namespace drover::bench
