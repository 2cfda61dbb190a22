// Makes a call for the output of tasks beside a session, when the master wants one. The agent's
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "agent/link/output_call.h"

namespace drover::agent::link {

class OutputLine {
 public:
  // `events` must outlive the thread that serves the queue, and that the line; `wake` is called
  // when look() has something to see.
  OutputLine(const OutputEvents& events, grpc::CompletionQueue& queue, std::function<void()> wake)
      : events_(events), queue_(queue), wake_(std::move(wake)) {}
  // Waits for the end of the call.
  ~OutputLine();
  OutputLine(const OutputLine&) = delete;
  OutputLine& operator=(const OutputLine&) = delete;

  // A session has begun on the channel.
  void open(std::shared_ptr<grpc::Channel> channel, v1::OutputHello hello);
  // The master of the session wants a call, unless there is one.
  void want(std::int64_t steady_ms);
  // It has ended.
  void close();

  // Makes the call that is due: also one that has failed once more, after a pause. One that has
  // come to its end is made again when it is wanted.
  void look(std::int64_t steady_ms);
  // When to look again, in steady ms; nothing: once `wake` is called.
  std::optional<std::int64_t> next_deadline() const { return call_ ? std::nullopt : due_ms_; }

 private:
  const OutputEvents& events_;
  grpc::CompletionQueue& queue_;
  const std::function<void()> wake_;

  std::shared_ptr<grpc::Channel> channel_;  // null: there is no session
  v1::OutputHello hello_;
  std::optional<std::int64_t> due_ms_;
  std::shared_ptr<OutputCall> call_;  // until its end was seen
  std::uint64_t calls_ = 0;
  std::string failure_;  // of the last one
};

}  // namespace drover::agent::link
