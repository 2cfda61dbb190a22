#include "agent/supervisor/channel.h"

#include <sys/socket.h>

#include <cerrno>

namespace drover::supervisor {
namespace {

constexpr std::size_t kReadBytes = 32 * 1024;
constexpr std::size_t kKeptBytes = 256 * 1024;  // a larger buffer is given back when it is empty

}  // namespace

drover::Status FrameChannel::flush() {
  while (wants_write()) {
    const ssize_t count =
        ::send(socket_.get(), out_.data() + sent_, unsent_bytes(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {
      drop_sent();
      return Done{};
    }
    if (count < 0) return system_error("cannot send", errno);
    sent_ += static_cast<std::size_t>(count);
  }
  out_.clear();
  sent_ = 0;
  if (out_.capacity() > kKeptBytes) out_.shrink_to_fit();
  return Done{};
}

// Moves the rest to the front, seldom enough that no byte is moved more than once on average.
void FrameChannel::drop_sent() {
  if (sent_ < out_.size() / 2) return;
  out_.erase(0, sent_);
  sent_ = 0;
}

Result<bool> FrameChannel::receive() {
  char* room = reader_.prepare(kReadBytes);
  for (;;) {
    const ssize_t count = ::recv(socket_.get(), room, kReadBytes, MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return false;
    if (count < 0) return system_error("cannot receive", errno);
    if (count == 0) return Error{ErrorKind::unavailable, "the other side closed the connection"};
    reader_.commit(static_cast<std::size_t>(count));
    return static_cast<std::size_t>(count) == kReadBytes;
  }
}

}  // namespace drover::supervisor
