// One output stream of an attempt: a pipe and the file that it is written to. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "agent/supervisor/output_file.h"
#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::supervisor {

class Capture {
 public:
  Capture(std::string path, OutputLimits limits) : file_(std::move(path), limits) {}

  // Makes the pipe and returns the end for the task to write to. Called once. The error is errno.
  struct WriteEnd {
    UniqueFd fd;
    int error_number = 0;
  };
  WriteEnd open();

  bool is_open() const { return static_cast<bool>(pipe_); }
  int fd() const { return pipe_.get(); }

  // To be called with what epoll says of fd(). Takes a bounded amount; closes at the end.
  void on_ready(std::uint32_t events);

  // All writers that count are gone: takes what is left, at most what a pipe can hold, and closes.
  // An attempt that has ended may be known for long, and holds no descriptor.
  void finish();

  std::uint64_t dropped_bytes() const { return file_.dropped_bytes(); }

 private:
  void take_rest();

  UniqueFd pipe_;
  OutputFile file_;
};

}  // namespace drover::supervisor
