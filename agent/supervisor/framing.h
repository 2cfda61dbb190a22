// Messages on a byte stream: each is preceded by its length, four bytes, little endian.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"

namespace google::protobuf {
class MessageLite;
}

namespace drover::supervisor {

// Appends one message with its length.
void append_frame(std::string& out, const google::protobuf::MessageLite& message);

// Cuts received bytes into messages. One thread.
class FrameReader {
 public:
  // Room for `bytes` more; commit() says how many of them were filled. Ends the life of every
  // view that next() has returned.
  char* prepare(std::size_t bytes);
  void commit(std::size_t bytes) { end_ += bytes; }

  // The next message; nothing while it is incomplete. An error means that the stream is not in
  // this format, or that a message is longer than limits::kSupervisorMessageBytes.
  Result<std::optional<std::string_view>> next();

 private:
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what was not handed out yet
  std::size_t end_ = 0;    // of what was received; begin_ <= end_ <= buffer_.size()
};

}  // namespace drover::supervisor
