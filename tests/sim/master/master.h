// The master's machine, and the program on it that can be killed, frozen and started again.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "tests/sim/base/clock.h"
#include "tests/sim/disk/master_disk.h"
#include "tests/sim/master/program.h"
#include "tests/sim/world/context.h"

namespace drover::sim {

class Master final : public Endpoint, public Listener, public MasterShell {
 public:
  Master(Context& context, core::Settings settings);

  // Starts the program; where it cannot, it tries again as a service manager would.
  void start();
  // SIGKILL.
  void kill();
  void freeze();
  void thaw();
  bool is_running() const { return program_ != nullptr; }

  // Null while there is none.
  MasterProgram* program() { return program_.get(); }
  MasterDisk& disk() { return disk_; }
  // The messages that a node was sent, by any program of this master; the last of them.
  const std::deque<std::string>& said_to(const NodeId& node) { return said_[node]; }
  Clock& clock() { return clock_; }

  std::uint64_t minimum_epoch = 1;
  std::size_t inbox_room = 1000;

  // Endpoint, Listener.
  bool is_awake() const override { return program_ != nullptr && !frozen_; }
  bool reads(ConnectionId connection) const override;
  void on_message(ConnectionId connection, const std::string& bytes) override;
  void on_closed(ConnectionId connection, const std::string& reason) override;
  void on_writable(ConnectionId connection) override;
  Endpoint* accept(ConnectionId connection) override;
  bool is_reachable() const override { return true; }

  // MasterShell.
  bool is_frozen() const override { return frozen_; }
  void store_failed(const std::string& why) override;
  void said(const NodeId& node, const std::string& bytes) override;

 private:
  void end_program();

  Context& context_;
  const core::Settings settings_;
  Random random_;
  Clock clock_;
  MasterDisk disk_;
  std::unique_ptr<MasterProgram> program_;
  std::map<NodeId, std::deque<std::string>> said_;
  bool frozen_ = false;
  std::uint64_t incarnation_ = 0;  // also counts deaths
};

}  // namespace drover::sim
