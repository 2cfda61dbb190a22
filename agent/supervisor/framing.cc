#include "agent/supervisor/framing.h"

#include <google/protobuf/message_lite.h>

#include <cstdint>
#include <cstring>

#include "common/limits.h"

namespace drover::supervisor {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kKeptBytes = 256 * 1024;  // a larger buffer is given back when it is empty

void put_length(char* out, std::uint32_t length) {
  for (std::size_t i = 0; i < kLengthBytes; ++i) out[i] = static_cast<char>(length >> (8 * i));
}

std::uint32_t get_length(const char* in) {
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= std::uint32_t{static_cast<unsigned char>(in[i])} << (8 * i);
  }
  return length;
}

}  // namespace

void append_frame(std::string& out, const google::protobuf::MessageLite& message) {
  const std::size_t at = out.size();
  out.append(kLengthBytes, '\0');
  message.AppendToString(&out);
  const std::size_t length = out.size() - at - kLengthBytes;
  DROVER_CHECK(length <= limits::kSupervisorMessageBytes, "a message is over the limit");
  put_length(out.data() + at, static_cast<std::uint32_t>(length));
}

char* FrameReader::prepare(std::size_t bytes) {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == 0 && buffer_.size() > kKeptBytes) buffer_ = {};
  if (buffer_.size() < end_ + bytes) buffer_.resize(end_ + bytes);
  return buffer_.data() + end_;
}

Result<std::optional<std::string_view>> FrameReader::next() {
  const std::size_t available = end_ - begin_;
  if (available < kLengthBytes) return std::optional<std::string_view>();
  const std::uint32_t length = get_length(buffer_.data() + begin_);
  if (length > limits::kSupervisorMessageBytes) {
    return Error{ErrorKind::invalid, "a message of " + std::to_string(length) +
                                         " bytes is announced, more than the limit of " +
                                         std::to_string(limits::kSupervisorMessageBytes)};
  }
  if (available - kLengthBytes < length) return std::optional<std::string_view>();
  const std::string_view message(buffer_.data() + begin_ + kLengthBytes, length);
  begin_ += kLengthBytes + length;
  return std::optional<std::string_view>(message);
}

}  // namespace drover::supervisor
