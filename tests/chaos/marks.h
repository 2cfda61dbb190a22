// What tasks write about themselves: each appends a line to one file as it begins, as it ends and,
// some of them, all the while, with the time and the attempt that it is. A line is one short write,
// so lines never mix.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace drover::test {

// Milliseconds since the machine started, by the clock that tasks read in /proc/uptime. It counts
// in hundredths of a second and does not jump.
using BootMs = std::int64_t;
BootMs boot_now();

struct Mark {
  enum class What { begin, tick, end };

  What what = What::begin;
  BootMs when = 0;
  std::string instance;
  std::string allocation;  // INSTANCE.GROUP.GENERATION
  std::string task;
  std::string attempt;

  std::string group() const;       // INSTANCE.GROUP
  std::string attempt_id() const;  // what runs once and never again
};

// Every whole line; a line that is none of ours fails the test.
std::vector<Mark> read_marks(const std::string& file);

// For how long two allocations of one group were alive at the same time, by the marks that they
// left: the most of all pairs, 0 where there was none.
BootMs longest_overlap(const std::vector<Mark>& marks, const std::string& instance);

// A shell line that defines `mark begin` and `mark end`.
std::string mark_function(const std::string& file);

}  // namespace drover::test
