// Empty directories that are kept for whoever needs one next.
//
// To move a directory costs less than to remove one and make another: a file system may look at
// every inode that was freed in the last minutes before it takes one (ext4 without a journal), and
// most write more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/result.h"

namespace drover::agent::state {

// One thread.
class SpareDirectories {
 public:
  // In the directory `parent`, at most so many.
  SpareDirectories(std::string parent, std::size_t most)
      : parent_(std::move(parent)), most_(most) {}

  // Makes the parent. Those that are there are kept, as far as they can be used.
  Status open();

  // Moves one to `path`, which is on the same file system. False: there is none, or there is
  // something at that path already, or it cannot be done.
  bool take(const std::string& path);

  // Takes the directory at `path`. False: it is not empty, or not as one is made here (its owner,
  // its mode), or there are enough; it stays where it is.
  bool give_back(const std::string& path);

  static constexpr unsigned kMode = 0700;

 private:
  std::string path_of(std::uint64_t number) const;

  const std::string parent_;
  const std::size_t most_;
  std::vector<std::uint64_t> numbers_;  // their names
  std::uint64_t last_number_ = 0;
};

}  // namespace drover::agent::state
