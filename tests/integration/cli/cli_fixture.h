// The real `drover` against a real master and agent.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/cluster.h"
#include "tests/support/temp_dir.h"

namespace drover::test {

// What a program has come to.
struct Ended {
  int code = -1;  // exit status, or 128 + the signal's number
  std::string out;
  std::string err;
};

class CliTest : public testing::Test {
 protected:
  // Starts the master, and so many agents.
  void start(int agents = 1);

  // Runs `drover` with these arguments until it ends, against the cluster.
  Ended drover(const std::vector<std::string>& arguments,
               const std::map<std::string, std::string>& environment = {}) const;

  // Of a successful command: what it printed, without the last newline.
  std::string output_of(const std::vector<std::string>& arguments) const;

  // The id of an instance of a new template with one task.
  std::string deployed(const std::string& name, const std::string& command);
  // With success.
  void await_end(const std::string& id) const;

  // As a shell sees it: `drover` in front, its variables set.
  std::map<std::string, std::string> environment() const;

  Cluster cluster_;
  TempDir files_;
};

// One line, "drover: ...", with `part` in it.
testing::AssertionResult complains(const Ended& ended, int code, const std::string& part);

}  // namespace drover::test
