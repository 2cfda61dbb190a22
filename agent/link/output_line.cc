#include "agent/link/output_line.h"

#include <utility>

#include "common/limits.h"
#include "common/log.h"

namespace drover::agent::link {

OutputLine::~OutputLine() {
  close();
  // No operation may begin once the queue is shut down.
  while (call_ && !call_->wait_for_end(limits::kGoodbyeTime)) {
  }
}

void OutputLine::open(std::shared_ptr<grpc::Channel> channel, v1::OutputHello hello) {
  channel_ = std::move(channel);
  hello_ = std::move(hello);
  due_ms_.reset();
}

void OutputLine::want(std::int64_t steady_ms) {
  if (!channel_) return;
  due_ms_ = steady_ms;
  failure_.clear();
}

void OutputLine::close() {
  channel_.reset();
  due_ms_.reset();
  if (call_) call_->cancel();
}

void OutputLine::look(std::int64_t steady_ms) {
  if (call_) {
    const auto end = call_->end();
    if (!end) return;
    call_.reset();
    if (channel_ && !due_ms_ && !end->ok()) {
      failure_ = end->error_message();
      const std::chrono::milliseconds pause = limits::kOutputRetry;
      due_ms_ = steady_ms + pause.count();
    }
  }
  if (!due_ms_ || steady_ms < *due_ms_) return;
  due_ms_.reset();
  if (!failure_.empty()) log::warning("output: calling again", {{"cause", failure_}});
  call_ = OutputCall::open(++calls_, channel_, queue_, hello_, events_, wake_);
}

}  // namespace drover::agent::link
