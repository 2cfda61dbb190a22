#include "agent/link/stream.h"

#include <utility>

#include "agent/link/local_address.h"
#include "common/limits.h"

namespace drover::agent::link {
namespace {

// Puts `message` into `outbox`, using as few messages as the limit allows.
void merge(std::deque<v1::AgentMessage>& outbox, v1::AgentMessage message) {
  // A load does not wait behind reports, and the newest one counts.
  if (message.has_heartbeat() && !outbox.empty()) {
    *outbox.front().mutable_heartbeat() = message.heartbeat();
    message.clear_heartbeat();
  }
  if (outbox.empty() ||
      static_cast<std::size_t>(outbox.back().attempts_size()) >= limits::kReportsPerMessage) {
    outbox.push_back(std::move(message));
  } else {
    outbox.back().MergeFrom(message);
  }
}

}  // namespace

Stream::Stream(const std::shared_ptr<grpc::Channel>& channel, Wake wake)
    : wake_(std::move(wake)), stub_(v1::AgentLink::NewStub(channel)) {}

std::shared_ptr<Stream> Stream::dial(const std::shared_ptr<grpc::Channel>& channel,
                                     grpc::CompletionQueue& queue, v1::AgentMessage hello,
                                     Wake wake) {
  auto stream = std::make_shared<Stream>(channel, std::move(wake));
  const std::lock_guard lock(stream->mutex_);
  stream->outbox_.push_back(std::move(hello));
  stream->start(stream->stub_->PrepareAsyncSession(&stream->context_, &queue), stream);
  return stream;
}

void Stream::send(v1::AgentMessage message) {
  const std::lock_guard lock(mutex_);
  if (over_ || closing_) return;
  // Until the connection stands, hello has to stay a message of its own.
  if (!connected_ && outbox_.size() == 1) {
    outbox_.push_back(std::move(message));
  } else {
    merge(outbox_, std::move(message));
  }
  write_next();
}

Stream::Taken Stream::take() {
  const std::lock_guard lock(mutex_);
  Taken taken;
  taken.messages = std::exchange(inbox_, {});
  if (reading_paused_) {
    reading_paused_ = false;
    read_next();
  }
  if (over_ && !std::exchange(end_taken_, true)) taken.end = status_;
  return taken;
}

void Stream::connected() {
  v1::Hello* hello = outbox_.front().mutable_hello();
  if (hello->advertise_ip().empty()) {
    hello->set_advertise_ip(local_address_towards(context_.peer()));
  }
}

std::optional<v1::AgentMessage> Stream::next() {
  if (outbox_.empty()) return std::nullopt;
  v1::AgentMessage message = std::move(outbox_.front());
  outbox_.pop_front();
  return message;
}

bool Stream::arrived(v1::MasterMessage message) {
  inbox_.push_back(std::move(message));
  reading_paused_ = inbox_.size() >= limits::kMasterMessagesAhead;
  return !reading_paused_;
}

}  // namespace drover::agent::link
