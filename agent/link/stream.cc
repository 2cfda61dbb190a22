#include "agent/link/stream.h"

#include <atomic>
#include <utility>

#include "agent/link/local_address.h"
#include "common/limits.h"

namespace drover::agent::link {
namespace {

// A new stream reaches the queue's thread through gRPC, whose ordering ThreadSanitizer cannot see.
// This repeats it.
std::atomic<unsigned> handovers = 0;

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
  stream->self_ = stream;
  stream->outbox_.push_back(std::move(hello));
  stream->call_ = stream->stub_->PrepareAsyncSession(&stream->context_, &queue);
  ++stream->operations_;
  handovers.fetch_add(1, std::memory_order_release);
  stream->call_->StartCall(&stream->start_);
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

void Stream::finish_sending() {
  const std::lock_guard lock(mutex_);
  if (closing_) return;
  closing_ = true;
  write_next();
}

void Stream::cancel() { context_.TryCancel(); }

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

bool Stream::wait_for_end(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, time, [this] { return over_; });
}

void Stream::complete(void* tag, bool ok) {
  static_cast<void>(handovers.load(std::memory_order_acquire));
  const auto* operation = static_cast<Operation*>(tag);
  operation->stream->on_completion(operation->step, ok);
}

void Stream::on_completion(Step step, bool ok) {
  std::shared_ptr<Stream> last_hold;  // let go of after the mutex
  {
    const std::lock_guard lock(mutex_);
    --operations_;
    switch (step) {
      case Step::start:
        ok ? started() : end_reading();
        break;
      case Step::read:
        if (!ok) {
          end_reading();
          break;
        }
        inbox_.push_back(std::exchange(incoming_, {}));
        reading_paused_ = inbox_.size() >= limits::kMasterMessagesAhead;
        if (!reading_paused_) read_next();
        break;
      case Step::write:
        writing_ = false;
        if (ok) write_next();
        break;
      case Step::writes_done:
        break;
      case Step::finish:
        over_ = true;
        break;
    }
    if (over_ && operations_ == 0) last_hold = std::move(self_);
    if (over_) ended_.notify_all();
  }
  // A finished write is no news.
  if (step == Step::read || step == Step::finish) wake_();
}

void Stream::read_next() {
  ++operations_;
  call_->Read(&incoming_, &read_);
}

void Stream::write_next() {
  if (!connected_ || writing_ || over_) return;
  if (outbox_.empty()) {
    if (!closing_) return;
    writing_ = true;
    ++operations_;
    call_->WritesDone(&writes_done_);
    return;
  }
  const v1::AgentMessage message = std::move(outbox_.front());
  outbox_.pop_front();
  writing_ = true;
  ++operations_;
  call_->Write(message, &write_);
}

void Stream::started() {
  connected_ = true;
  v1::Hello* hello = outbox_.front().mutable_hello();
  if (hello->advertise_ip().empty()) {
    hello->set_advertise_ip(local_address_towards(context_.peer()));
  }
  write_next();
  read_next();
}

// Nothing more will come: the status says why.
void Stream::end_reading() {
  ++operations_;
  call_->Finish(&status_, &finish_);
}

}  // namespace drover::agent::link
