// Somebody on the agents' port who is no node of this cluster, or says that it is one.
#pragma once

#include <memory>
#include <string>

#include "tests/sim/world/world.h"

namespace drover::sim {

class Stranger final : public Endpoint {
 public:
  explicit Stranger(World& world) : world_(world) { path_.pings = false; }

  // May it be welcomed? If not, a word of the master is a broken promise.
  bool may_be_welcomed = false;

  void dial(std::string first_message);
  void leave();

  bool is_awake() const override { return true; }
  void on_message(ConnectionId connection, const std::string& bytes) override;
  void on_closed(ConnectionId, const std::string&) override { open_ = false; }

 private:
  World& world_;
  Path path_;
  ConnectionId connection_ = 0;
  bool open_ = false;
};

// A master that has been superseded, and does not know: it welcomes whoever dials, and gives
// orders.
class SupersededMaster final : public Endpoint, public Listener {
 public:
  SupersededMaster(World& world, std::uint64_t epoch) : world_(world), epoch_(epoch) {}

  bool is_awake() const override { return true; }
  void on_message(ConnectionId connection, const std::string& bytes) override;
  void on_closed(ConnectionId, const std::string&) override {}
  Endpoint* accept(ConnectionId) override { return this; }
  bool is_reachable() const override { return true; }

 private:
  World& world_;
  const std::uint64_t epoch_;
  std::uint64_t sessions_ = kSupersededSessions;
};

}  // namespace drover::sim
