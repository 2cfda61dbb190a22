#include "agent/link/output_call.h"

#include <utility>

namespace drover::agent::link {

OutputCall::OutputCall(std::uint64_t number, const std::shared_ptr<grpc::Channel>& channel,
                       const OutputEvents& events, std::function<void()> wake)
    : number_(number),
      events_(events),
      wake_(std::move(wake)),
      stub_(v1::AgentLink::NewStub(channel)) {}

std::shared_ptr<OutputCall> OutputCall::open(std::uint64_t number,
                                             const std::shared_ptr<grpc::Channel>& channel,
                                             grpc::CompletionQueue& queue, v1::OutputHello hello,
                                             const OutputEvents& events,
                                             std::function<void()> wake) {
  auto call = std::make_shared<OutputCall>(number, channel, events, std::move(wake));
  const std::lock_guard lock(call->mutex_);
  *call->outbox_.emplace_back().mutable_hello() = std::move(hello);
  call->start(call->stub_->PrepareAsyncOutput(&call->context_, &queue), call);
  return call;
}

void OutputCall::send(v1::OutputMessage message) {
  const std::lock_guard lock(mutex_);
  if (over_) return;
  outbox_.push_back(std::move(message));
  write_next();
}

std::optional<grpc::Status> OutputCall::end() {
  const std::lock_guard lock(mutex_);
  return over_ ? std::optional(status_) : std::nullopt;
}

std::optional<v1::OutputMessage> OutputCall::next() {
  if (outbox_.empty()) return std::nullopt;
  v1::OutputMessage message = std::move(outbox_.front());
  outbox_.pop_front();
  return message;
}

bool OutputCall::arrived(v1::OutputRequest message) {
  if (events_.on_request) events_.on_request(shared_from_this(), message);
  return true;
}

void OutputCall::news() {
  if (!end()) return;
  if (events_.on_end) events_.on_end(*this);
  wake_();
}

}  // namespace drover::agent::link
