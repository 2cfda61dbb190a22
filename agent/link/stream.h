// One call of AgentLink.Session.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "agent/link/call.h"
#include "drover/agent.grpc.pb.h"

namespace drover::agent::link {

class Stream final : public Call<v1::AgentMessage, v1::MasterMessage> {
 public:
  // What is called from the queue's thread after something has happened; must not block.
  using Wake = std::function<void()>;

  // Dials. `hello` goes out first; its advertise_ip, if empty, becomes the local address of the
  // connection.
  static std::shared_ptr<Stream> dial(const std::shared_ptr<grpc::Channel>& channel,
                                      grpc::CompletionQueue& queue, v1::AgentMessage hello,
                                      Wake wake);
  // Use dial().
  Stream(const std::shared_ptr<grpc::Channel>& channel, Wake wake);

  // All below: any thread.

  // Queued behind what is being written; what is queued goes out as few messages.
  void send(v1::AgentMessage message);

  struct Taken {
    std::vector<v1::MasterMessage> messages;  // in the order of their arrival
    std::optional<grpc::Status> end;          // present once, at the end of the call
  };
  // What has arrived since the last time.
  Taken take();

 private:
  void connected() override;
  std::optional<v1::AgentMessage> next() override;
  bool arrived(v1::MasterMessage message) override;
  void news() override { wake_(); }

  // Constant after construction.
  const Wake wake_;
  const std::unique_ptr<v1::AgentLink::Stub> stub_;

  // Guarded by mutex_.
  bool reading_paused_ = false;
  bool end_taken_ = false;
  std::deque<v1::AgentMessage> outbox_;
  std::vector<v1::MasterMessage> inbox_;
};

}  // namespace drover::agent::link
