// Which entries of logs are new, where the same logs are read from their beginning once more after
// a broken connection. Pure.
//
// A stream of an attempt is the same sequence of lines each time, so that those that were seen are
// counted, and skipped the next time:
//
//   one  two  thr|      the connection breaks
//   one  two  three     "one" and "two" are skipped, "three" is new
//
// The last line that was skipped must be the one that was seen last. Where it is not, the node has
// deleted lines from the beginning meanwhile, and nobody can tell what is missing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "cli/client/log_entry.h"

namespace drover::cli {

class LogResume {
 public:
  // What comes from now on is another answer, from the beginning.
  void begin_again();

  // Whether `entry` is new, which may leave only the rest of its text. `warn` is called with what a
  // person should know about a stream.
  using Warn = std::function<void(const std::string&)>;
  bool is_new(LogEntry& entry, const Warn& warn);

 private:
  struct Stream {
    std::uint64_t known = 0;  // lines that were seen
    std::uint64_t here = 0;   // of these, in this answer
    std::string last;         // of those that were seen
  };

  bool is_new_line(LogEntry& entry, const Warn& warn);

  std::map<std::pair<std::string, bool>, Stream> streams_;  // by label, and whether of stderr
  std::set<std::string> ended_;
  std::set<std::string> said_;
};

}  // namespace drover::cli
