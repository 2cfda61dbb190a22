// The agent's end of its connection to the supervisor: what agent/supervisor_port.cc does.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/io.h"
#include "agent/link/retry.h"
#include "drover/supervisor.pb.h"
#include "tests/sim/network/network.h"

namespace drover::sim {

class SupervisorLink {
 public:
  // What the machine has to offer.
  struct Host {
    // Connects, and starts a supervisor where there is none. Nothing: that was not possible.
    std::function<std::optional<ConnectionId>()> connect;
    std::function<bool(const std::string& incarnation)> exists;
    std::function<void(ConnectionId, std::string bytes)> send;
    std::function<void(ConnectionId)> close;
  };
  explicit SupervisorLink(Host host);

  std::vector<agent::core::Input> take_inputs(std::int64_t steady_ms);
  void send(const supervisor::Request& request);
  std::optional<std::int64_t> next_deadline() const;

  bool owns(ConnectionId connection) const { return connection_ == connection; }
  void on_message(const std::string& bytes) { received_.push_back(bytes); }
  void on_closed() { closed_ = true; }
  std::optional<ConnectionId> connection() const { return connection_; }

 private:
  void connect(std::int64_t steady_ms, std::vector<agent::core::Input>& inputs);
  void read(std::int64_t steady_ms, std::vector<agent::core::Input>& inputs);
  void attach(const supervisor::Snapshot& snapshot, std::int64_t steady_ms,
              std::vector<agent::core::Input>& inputs);
  void disconnect(std::int64_t steady_ms, std::vector<agent::core::Input>& inputs);

  const Host host_;
  std::optional<ConnectionId> connection_;
  std::vector<std::string> received_;
  bool closed_ = false;
  bool attached_ = false;
  std::int64_t attached_ms_ = 0;
  std::string process_;  // the supervisor that was attached last
  bool told_gone_ = true;
  std::int64_t retry_ms_ = 0;
  agent::link::Backoff backoff_;
};

}  // namespace drover::sim
