#include "master/agents/output_stream.h"

#include <utility>

#include "common/limits.h"
#include "common/log.h"
#include "master/agents/output_hub.h"

namespace drover::agents {

std::shared_ptr<OutputStream> OutputStream::open(OutputHub& hub, std::string peer,
                                                 const SessionLimits& limits) {
  std::shared_ptr<OutputStream> stream(new OutputStream(hub, std::move(peer)));
  stream->self_ = stream;
  if (hub.enter() > limits.sessions) {
    stream->close(grpc::StatusCode::RESOURCE_EXHAUSTED, "the master takes no more output streams");
    return stream;
  }
  stream->await_hello(limits.hello_time);
  stream->read_next();
  return stream;
}

void OutputStream::await_hello(std::chrono::milliseconds time) {
  const auto until = std::chrono::system_clock::now() + time;
  hello_alarm_.Set(until, [weak = weak_from_this()](bool expired) {
    const std::shared_ptr<OutputStream> stream = expired ? weak.lock() : nullptr;
    if (stream) stream->close(grpc::StatusCode::DEADLINE_EXCEEDED, "no hello has come in time");
  });
}

void OutputStream::read_next() {
  const MutexLock lock(mutex_);
  if (finished_) return;
  incoming_.Clear();
  StartRead(&incoming_);
}

void OutputStream::OnReadDone(bool ok) {
  if (!ok) return close(grpc::StatusCode::OK, "");
  if (const Status handled = handle(); !handled) {
    if (handled.error().kind == ErrorKind::unavailable) return close(grpc::StatusCode::OK, "");
    log::warning("output stream refused", {{"peer", peer_}, {"reason", handled.error().message}});
    return close(grpc::StatusCode::INVALID_ARGUMENT, handled.error().message);
  }
  read_next();
}

Status OutputStream::handle() {
  if (!node_) {
    hello_alarm_.Cancel();
    const auto node = hub_.admit(incoming_.hello(), shared_from_this());
    if (!node) return node.error();
    node_ = *node;
    return Done{};
  }
  std::uint64_t bytes = 0;
  for (const v1::OutputChunk& chunk : incoming_.chunks()) bytes += chunk.data().size();
  if (auto taken = hub_.take(incoming_, *this); !taken) return taken;
  if (bytes == 0) return Done{};
  v1::OutputRequest received;
  received.set_received_bytes(bytes);
  ask(std::move(received));
  return Done{};
}

void OutputStream::ask(v1::OutputRequest request) {
  const MutexLock lock(mutex_);
  if (finished_ || closing_) return;
  outbox_.push_back(std::move(request));
  if (outbox_.size() > limits::kOutputRequestsAhead) {
    outbox_.clear();
    closing_.emplace(grpc::StatusCode::RESOURCE_EXHAUSTED, "the agent reads too slowly");
  }
  if (!writing_) write_locked();
}

void OutputStream::OnWriteDone(bool ok) {
  const MutexLock lock(mutex_);
  writing_ = false;
  if (closing_ || !ok) return finish_locked();
  write_locked();
}

void OutputStream::write_locked() {
  if (closing_) return finish_locked();
  if (outbox_.empty()) return;
  outgoing_ = std::move(outbox_.front());
  outbox_.pop_front();
  writing_ = true;
  StartWrite(&outgoing_);
}

void OutputStream::close(grpc::StatusCode code, const std::string& reason) {
  const MutexLock lock(mutex_);
  if (!closing_) closing_.emplace(code, reason);
  if (!writing_) finish_locked();
}

void OutputStream::finish_locked() {
  if (finished_) return;
  finished_ = true;
  Finish(closing_.value_or(grpc::Status::CANCELLED));
}

void OutputStream::OnDone() {
  hub_.leave(*this, node_);
  // May be the last owner: nothing of this object is touched after.
  const std::shared_ptr<OutputStream> last = std::move(self_);
}

}  // namespace drover::agents
