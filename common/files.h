// Small durable operations on files and directories. Paths are absolute or relative to the
// working directory; every error names the path and what to do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/result.h"
#include "common/unique_fd.h"

namespace drover {

// Makes `path` and its parents (mode 0700) where missing, and checks that it can be written to.
Status ensure_directory(const std::string& path);

// Holds an exclusive lock on `path` for as long as it lives; the kernel drops it at process end.
class FileLock {
 public:
  // `owner` says in the error who else may hold it, for example "another drover-master".
  static Result<FileLock> take(const std::string& path, const std::string& owner);

 private:
  explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

// The whole file; nothing if it does not exist.
Result<std::optional<std::string>> read_file(const std::string& path);

// All of `content` to an open file. Returns 0 or errno.
int write_all(int fd, std::string_view content);
// The same; `path` is for the error.
Status write_all(int fd, std::string_view content, const std::string& path);

// Replaces the file as a whole: after a crash it has the old content or the new one. Synced.
Status write_file_durably(const std::string& path, std::string_view content);

}  // namespace drover
