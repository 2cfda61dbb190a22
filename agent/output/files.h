// The files of one output stream of an attempt: PATH is the newest, PATH.1 came before it, and so
// on. The supervisor renames them at any time, each to the next higher number, the highest first.
//
// Looking from the newest to the oldest therefore never misses a file that is there all the while;
// it may meet one twice. A file is told from the others by its inode.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::agent::output {

struct File {
  std::uint64_t inode = 0;
  std::uint64_t bytes = 0;
  std::int64_t modified_unix_ms = 0;
};

// Those that are there, the oldest first. Anything but a regular file is passed over.
std::vector<File> list_files(const std::string& path);

// The one with this inode, for reading; none if it is not there any more.
Result<UniqueFd> open_file(const std::string& path, std::uint64_t inode);

// At most `bytes` from `offset` on, fewer only at the end of the file.
Result<std::string> read_at(int fd, std::uint64_t offset, std::size_t bytes);

// The highest attempt of the task of which `directory` has a file with this suffix, ".stdout" or
// ".stderr"; 0: of none.
std::uint32_t newest_attempt(const std::string& directory, std::uint32_t task,
                             std::string_view suffix);

}  // namespace drover::agent::output
