// The agent's line to its master: what agent/link/link.cc does with gRPC, done with the simulated
// network. The lease, the pauses and the pace of heartbeats are the real ones.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/link/heartbeat.h"
#include "agent/link/lease.h"
#include "agent/link/retry.h"
#include "drover/agent.pb.h"
#include "tests/sim/base/random.h"
#include "tests/sim/network/network.h"

namespace drover::sim {

class MasterLink {
 public:
  struct DialDue {};
  struct Opened {
    std::uint64_t epoch = 0;
    std::uint64_t session = 0;
  };
  struct LeaseRenewed {
    std::uint64_t epoch = 0;
    std::uint64_t session = 0;
    std::int64_t until_ms = 0;
  };
  struct Received {
    v1::MasterMessage message;
  };
  struct HeartbeatDue {};
  struct Closed {
    bool was_open = false;
  };
  using Event = std::variant<DialDue, Opened, LeaseRenewed, Received, HeartbeatDue, Closed>;

  struct Host {
    std::function<ConnectionId()> dial;
    std::function<void(ConnectionId, std::string bytes)> send;
    std::function<bool(ConnectionId)> may_write;
    std::function<void(ConnectionId, const std::string& reason)> close;
  };
  MasterLink(Host host, Random& random);

  std::vector<Event> take_events(std::int64_t steady_ms);
  std::optional<std::int64_t> next_deadline() const;
  void dial(v1::AgentMessage hello, std::int64_t steady_ms);
  void send(v1::AgentMessage message, std::int64_t steady_ms);
  void say_goodbye();

  bool owns(ConnectionId connection) const { return connection_ == connection; }
  std::optional<ConnectionId> connection() const { return connection_; }
  bool reads() const;
  void on_message(const std::string& bytes);
  void on_closed(const std::string& reason);
  void on_writable() { write(); }
  bool is_open() const { return phase_ == Phase::open; }

 private:
  enum class Phase { waiting, asked_to_dial, dialling, open };

  void take_message(v1::MasterMessage message, std::int64_t steady_ms, std::vector<Event>& events);
  void open(const v1::MasterMessage& message, std::int64_t steady_ms, std::vector<Event>& events);
  void number_heartbeat(v1::AgentMessage& message, std::int64_t steady_ms);
  void take_end(std::int64_t steady_ms, std::vector<Event>& events);
  void check_deadline(std::int64_t steady_ms, std::vector<Event>& events);
  void cancel(const std::string& why);
  void write();

  const Host host_;
  Random& random_;
  Phase phase_ = Phase::waiting;
  std::int64_t deadline_ms_ = 0;
  std::int64_t opened_ms_ = 0;
  agent::link::Backoff backoff_;
  agent::link::HeartbeatPace pace_;
  agent::link::Lease lease_;
  bool refused_ = false;
  std::optional<ConnectionId> connection_;
  std::deque<v1::AgentMessage> outbox_;
  std::vector<v1::MasterMessage> received_;
  bool ended_ = false;
};

}  // namespace drover::sim
