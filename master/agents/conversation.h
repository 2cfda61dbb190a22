// What is said in one agent's stream, and in which order, without the stream itself: what the agent
// says becomes commands of the engine, what the engine says becomes messages. Pure.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "common/ids.h"
#include "common/result.h"
#include "drover/agent.pb.h"
#include "master/core/command.h"
#include "master/core/outcome.h"
#include "master/core/state.h"

namespace drover::agents {

// The agent's side. One reader at a time.
class Incoming {
 public:
  Incoming(SessionId session, Epoch epoch) : session_(session), epoch_(epoch) {}

  // One message as commands, in order; at least one. An error ends the session, and says what was
  // wrong with what the agent sent.
  Result<std::vector<core::Command>> take(const v1::AgentMessage& message);

  const std::optional<NodeId>& node() const { return node_; }  // from the hello on
  bool said_goodbye() const { return goodbye_; }

 private:
  Result<core::OpenSession> take_hello(const v1::AgentMessage& message) const;
  Status take_news(const v1::AgentMessage& message, std::vector<core::Command>& commands);

  const SessionId session_;
  const Epoch epoch_;
  std::optional<NodeId> node_;
  bool goodbye_ = false;
};

// The master's side. The caller guards it.
class Outgoing {
 public:
  Outgoing(SessionId session, Epoch epoch, const core::Settings& settings)
      : session_(session), epoch_(epoch), settings_(settings) {}

  void add(std::vector<core::MessageToAgent> messages);
  std::size_t waiting() const { return queue_.size(); }
  void drop_waiting() { queue_.clear(); }

  // To be said with the next message: the agent is to open a stream for output.
  void want_output() { wants_output_ = true; }

  // Puts what waits into one message, up to its limit. False: there is nothing to send.
  bool next(v1::MasterMessage& message);

  // Once everything before it has been said: why the engine wants the session to end.
  const std::optional<std::string>& close_reason() const { return close_reason_; }

 private:
  const SessionId session_;
  const Epoch epoch_;
  const core::Settings settings_;
  std::deque<core::MessageToAgent> queue_;
  bool wants_output_ = false;
  std::uint64_t sequence_ = 0;  // of the last message
  std::optional<std::string> close_reason_;
};

}  // namespace drover::agents
