// Finds where the last lines of an output stream begin, going back over its files a piece at a
// time, so that a search through much output stops nobody else's reading. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/output/files.h"
#include "agent/output/types.h"

namespace drover::agent::output {

class TailSearch {
 public:
  // `files`, of `path`, the oldest first, are searched as long as they are now; there is one at
  // least.
  TailSearch(std::string path, std::vector<File> files, std::uint64_t lines);

  // Looks at limits::kOutputChunkBytes at the most. The place, once it is found: that of the
  // oldest byte where there are not so many lines.
  Result<std::optional<Position>> step();

 private:
  // The next piece to look at, which ends at `end_`; empty at the beginning of all that is there.
  Result<std::string> piece();
  Position place() const { return {files_.back().inode, end_}; }

  const std::string path_;
  std::vector<File> files_;  // the last one is being looked at
  std::uint64_t end_;        // in it; what is behind it has been looked at
  UniqueFd file_;
  // A line is over with its newline; the last one may go without. The n-th line from the end begins
  // behind the newline before it.
  std::uint64_t newlines_wanted_;
  bool at_last_byte_ = true;
};

}  // namespace drover::agent::output
