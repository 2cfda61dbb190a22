// One call of AgentLink.Output.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "agent/link/call.h"
#include "drover/agent.grpc.pb.h"

namespace drover::agent::link {

class OutputCall;

// Called on the queue's thread; must not block, nor call a method of the call.
struct OutputEvents {
  std::function<void(const std::shared_ptr<OutputCall>&, const v1::OutputRequest&)> on_request;
  std::function<void(const OutputCall&)> on_end;
};

class OutputCall final : public Call<v1::OutputMessage, v1::OutputRequest>,
                         public std::enable_shared_from_this<OutputCall> {
 public:
  // `events` must outlive the call; `wake` is called when it is over.
  static std::shared_ptr<OutputCall> open(std::uint64_t number,
                                          const std::shared_ptr<grpc::Channel>& channel,
                                          grpc::CompletionQueue& queue, v1::OutputHello hello,
                                          const OutputEvents& events, std::function<void()> wake);
  // Use open().
  OutputCall(std::uint64_t number, const std::shared_ptr<grpc::Channel>& channel,
             const OutputEvents& events, std::function<void()> wake);

  // --- Any thread ---

  std::uint64_t number() const { return number_; }
  // Queued behind what is being written. Whoever sends sees to it that it does not become too much.
  void send(v1::OutputMessage message);
  // Present once it is over.
  std::optional<grpc::Status> end();

 private:
  std::optional<v1::OutputMessage> next() override;
  bool arrived(v1::OutputRequest message) override;
  void news() override;

  // Constant after construction.
  const std::uint64_t number_;
  const OutputEvents& events_;
  const std::function<void()> wake_;
  const std::unique_ptr<v1::AgentLink::Stub> stub_;

  std::deque<v1::OutputMessage> outbox_;  // guarded by mutex_
};

}  // namespace drover::agent::link
