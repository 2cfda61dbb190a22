#include "agent/supervisor/capture.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>

#include "common/limits.h"

namespace drover::supervisor {

Capture::WriteEnd Capture::open() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {{}, errno};
  pipe_.reset(ends[0]);
  UniqueFd write_end(ends[1]);
  // Our end alone: the task expects a pipe that waits.
  if (::fcntl(pipe_.get(), F_SETFL, O_NONBLOCK) != 0) return {{}, errno};
  return {std::move(write_end), 0};
}

void Capture::on_ready(std::uint32_t events) {
  if (!pipe_) return;
  if ((events & EPOLLIN) == 0) {
    if ((events & (EPOLLHUP | EPOLLERR)) != 0) pipe_.reset();
    return;
  }
  const long taken = file_.take_from(pipe_.get(), limits::kOutputTurnBytes);
  if (taken == 0 || (taken < 0 && errno != EAGAIN && errno != EINTR)) pipe_.reset();
}

void Capture::finish() {
  if (pipe_) take_rest();
  file_.close();
}

void Capture::take_rest() {
  const int capacity = ::fcntl(pipe_.get(), F_GETPIPE_SZ);
  for (long left = capacity; left > 0;) {
    const long taken = file_.take_from(pipe_.get(), limits::kOutputTurnBytes);
    if (taken < 0 && errno == EINTR) continue;
    if (taken <= 0) break;
    left -= taken;
  }
  pipe_.reset();
}

}  // namespace drover::supervisor
