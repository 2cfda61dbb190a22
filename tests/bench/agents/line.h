// A simulated node's line to the master: what agent/link/link.h does, with the agent's own stream,
// lease, pace and pauses, but on a completion queue that all nodes share. Each dial has a channel,
// and so a connection, of its own. The fleet's thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "agent/link/heartbeat.h"
#include "agent/link/lease.h"
#include "agent/link/link.h"
#include "agent/link/retry.h"
#include "agent/link/stream.h"
#include "drover/agent.pb.h"
#include "tests/bench/agents/counters.h"
#include "tests/bench/agents/gate.h"

namespace drover::bench {

// What all lines share. Nothing is owned.
struct Exchange {
  grpc::CompletionQueue& queue;
  std::minstd_rand& random;
  Counters& counters;
  Gate& gate;
  const std::string master;
  const std::int64_t heartbeat_ms;  // 0: as the master says
};

class Line {
 public:
  // `wake` is called by whoever serves the queue, after something has happened.
  Line(const Exchange& exchange, std::function<void()> wake, std::int64_t first_dial_ms);
  // The call must be over.
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // In the order in which they happened. A DialDue is answered with dial().
  std::vector<agent::link::Event> take_events(std::int64_t steady_ms);
  std::int64_t next_deadline() const { return deadline_ms_; }

  void dial(v1::AgentMessage hello, std::int64_t steady_ms);
  // For the session that dial() began; dropped when there is none.
  void send(v1::AgentMessage message, std::int64_t steady_ms);

  // A clean stop: goodbye, and the call's end is awaited by serving the queue.
  void say_goodbye();
  void cancel();
  bool is_over();

 private:
  enum class Phase { waiting, at_gate, admitted, asked_to_dial, dialling, open };

  void take_message(v1::MasterMessage message, std::int64_t steady_ms,
                    std::vector<agent::link::Event>& events);
  void open(const v1::MasterMessage& message, std::int64_t steady_ms,
            std::vector<agent::link::Event>& events);
  void take_end(std::int64_t steady_ms, std::vector<agent::link::Event>& events);
  void come_to_gate();
  void check_deadline(std::int64_t steady_ms, std::vector<agent::link::Event>& events);
  void number_heartbeat(v1::AgentMessage& message, std::int64_t steady_ms);
  void count(const v1::AgentMessage& message);
  double chance() { return std::uniform_real_distribution<double>(0, 1)(exchange_.random); }

  const Exchange& exchange_;
  const std::function<void()> wake_;

  Phase phase_ = Phase::waiting;
  std::int64_t deadline_ms_;  // of what the phase waits for
  std::int64_t opened_ms_ = 0;
  agent::link::Backoff backoff_;
  agent::link::HeartbeatPace pace_;
  agent::link::Lease lease_;
  std::shared_ptr<grpc::Channel> channel_;
  std::shared_ptr<agent::link::Stream> stream_;
};

}  // namespace drover::bench
