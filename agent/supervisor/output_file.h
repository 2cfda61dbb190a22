// A file that takes a pipe's bytes and never grows over its limit: when PATH is full it becomes
// PATH.1, what was PATH.1 becomes PATH.2, and so on, and a new PATH begins. Of n files the last
// n - 1 times `bytes` bytes are always there, and never more than n times as many. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "common/unique_fd.h"

namespace drover::supervisor {

struct OutputLimits {
  std::uint64_t bytes = 0;  // of one file; 0: limits::kOutputFileBytes
  std::uint32_t files = 0;  // PATH included; 0: limits::kOutputFiles
};

class OutputFile {
 public:
  // Nothing is made before the first byte comes. An empty `path` takes all and keeps nothing. A
  // file that exists is continued.
  OutputFile(std::string path, OutputLimits limits);

  // Moves at most `bytes` out of `pipe`, a non-blocking pipe's reading end. Returns what read(2)
  // would: how many were taken, 0 at the end, or -1 with errno (EAGAIN: it is empty). Bytes that
  // cannot be written are taken all the same, and counted.
  long take_from(int pipe, std::size_t bytes);

  // Until more is taken.
  void close() { file_.reset(); }

  std::uint64_t dropped_bytes() const { return dropped_bytes_; }
  const std::string& path() const { return path_; }

 private:
  // Each returns 0 or errno.
  int ensure_open();
  int open_file();
  int rotate();
  int make_way() const;                    // so that PATH can have a new file
  long move(int pipe, std::size_t bytes);  // as take_from, but fails where writing fails
  long copy(int pipe, std::size_t bytes);
  long discard(int pipe, std::size_t bytes);
  void note_failure(int error_number);

  const std::string path_;
  const std::uint64_t limit_bytes_;
  const std::uint32_t files_;
  UniqueFd file_;
  std::uint64_t size_ = 0;  // of the open file
  std::uint64_t dropped_bytes_ = 0;
  bool can_splice_ = true;
  bool failure_logged_ = false;
};

}  // namespace drover::supervisor
