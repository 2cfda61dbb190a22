// A non-blocking stream socket that carries messages. One thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "agent/supervisor/framing.h"
#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::supervisor {

class FrameChannel {
 public:
  // `socket` is connected and non-blocking.
  explicit FrameChannel(UniqueFd socket) : socket_(std::move(socket)) {}

  int fd() const { return socket_.get(); }

  // Adds a message to what is to be sent; flush() sends. Nothing is lost or reordered.
  void queue(const google::protobuf::MessageLite& message) { append_frame(out_, message); }

  // Sends as much as the socket takes now. An error means that the connection is over.
  drover::Status flush();
  bool wants_write() const { return sent_ < out_.size(); }
  std::size_t unsent_bytes() const { return out_.size() - sent_; }

  // Reads once. True: there may be more to read. An error means that the connection is over.
  Result<bool> receive();
  // The next message received; see FrameReader::next().
  Result<std::optional<std::string_view>> next() { return reader_.next(); }

 private:
  void drop_sent();

  UniqueFd socket_;
  FrameReader reader_;
  std::string out_;
  std::size_t sent_ = 0;  // of out_
};

}  // namespace drover::supervisor
