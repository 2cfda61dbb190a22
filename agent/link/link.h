// The agent's line to its master: dials, says hello, keeps the beat, and dials again for ever.
//
// Driven by the agent's thread, which owns it: wait until `wake` was called or next_deadline() has
// come, then take_events() and do what they ask for. Only `wake` is called from another thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "agent/link/heartbeat.h"
#include "agent/link/lease.h"
#include "agent/link/output_line.h"
#include "agent/link/retry.h"
#include "agent/link/stream.h"
#include "drover/agent.pb.h"

namespace drover::agent::link {

// It is time to dial: compose a hello of what is true now, and call dial().
struct DialDue {};
// The master has welcomed this agent.
struct Opened {
  std::string master;
  std::uint64_t epoch = 0;
  std::uint64_t session = 0;  // the master's number for it
};
// The master has dealt with a heartbeat: this node's lease lasts until then. Comes before the
// message that said so.
struct LeaseRenewed {
  std::uint64_t epoch = 0;
  std::uint64_t session = 0;
  std::int64_t until_ms = 0;  // steady
};
struct Received {
  v1::MasterMessage message;
};
// The master wants to hear of this node: send() a heartbeat.
struct HeartbeatDue {};
// An attempt to reach a master, or a session, is over.
struct Closed {
  bool was_open = false;
};
using Event = std::variant<DialDue, Opened, LeaseRenewed, Received, HeartbeatDue, Closed>;

class Link {
 public:
  // `masters` are "host:port", tried in turn. The first dial is due at once. `output`: what the
  // master asks about the output of tasks, beside the session.
  Link(std::vector<std::string> masters, std::function<void()> wake, OutputEvents output = {});
  // Ends the session without a goodbye.
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // In the order in which they happened. A DialDue comes once and must be followed by dial().
  std::vector<Event> take_events(std::int64_t steady_ms);

  // In steady ms; nothing while only `wake` can bring something new.
  std::optional<std::int64_t> next_deadline() const;

  // Heartbeats are numbered here, in the hello and in all that follows it.
  void dial(v1::AgentMessage hello, std::int64_t steady_ms);

  // For the session that dial() began; dropped when there is none.
  void send(v1::AgentMessage message, std::int64_t steady_ms);

  // Tells the master that this agent stops, and waits limits::kGoodbyeTime at the most.
  void say_goodbye();

 private:
  enum class Phase { waiting, asked_to_dial, dialling, open };

  void take_message(v1::MasterMessage message, std::int64_t steady_ms, std::vector<Event>& events);
  void open(const v1::MasterMessage& message, std::int64_t steady_ms, std::vector<Event>& events);
  void number_heartbeat(v1::AgentMessage& message, std::int64_t steady_ms);
  void take_end(const grpc::Status& status, std::int64_t steady_ms, std::vector<Event>& events);
  void check_deadline(std::int64_t steady_ms, std::vector<Event>& events);
  void log_end(const grpc::Status& status, std::int64_t steady_ms);
  double chance();
  const std::string& master() const { return masters_[next_master_ % masters_.size()]; }

  // Constant after construction.
  const std::vector<std::string> masters_;
  const std::function<void()> wake_;
  const OutputEvents output_events_;

  // The agent's thread only.
  Phase phase_ = Phase::waiting;
  std::int64_t deadline_ms_ = 0;  // of what the phase waits for
  std::int64_t opened_ms_ = 0;
  std::size_t next_master_ = 0;
  std::size_t failures_ = 0;  // in a row
  Backoff backoff_;
  FallingRate complaints_;
  std::minstd_rand random_;
  HeartbeatPace pace_;
  Lease lease_;
  std::string refusal_;  // why this side ended the call, if it did
  std::shared_ptr<grpc::Channel> channel_;
  v1::OutputHello output_hello_;  // but for epoch and session
  std::shared_ptr<Stream> stream_;

  grpc::CompletionQueue queue_;
  std::thread thread_;                // serves queue_
  std::optional<OutputLine> output_;  // until the destructor
};

}  // namespace drover::agent::link
