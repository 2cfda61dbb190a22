// One node: its machine, its agent and its supervisor, each of which can be killed, frozen and
// started again.
#pragma once

#include <memory>
#include <string>

#include "tests/sim/node/agent_program.h"
#include "tests/sim/node/machine.h"
#include "tests/sim/node/supervisor.h"
#include "tests/sim/world/context.h"

namespace drover::sim {

class Node final : public Endpoint, public AgentShell {
 public:
  Node(Context& context, std::uint32_t number, Listener& master);
  ~Node() override;

  void start_agent();
  void kill_agent();
  // A clean stop: the master is told.
  void stop_agent();
  void freeze_agent();
  void thaw_agent();

  void kill_supervisor();
  void freeze_supervisor();
  void thaw_supervisor();

  // The machine loses its power, or is restarted in an orderly way; nothing of it runs until
  // boot().
  void power_off(bool silently);
  void boot();

  void cut(bool there, bool back);
  void heal();
  // Whom its agent dials from now on; null: its own master.
  void reach(Listener* other) { other_master_ = other; }

  Machine& machine() { return machine_; }
  const Machine& machine() const { return machine_; }
  // Null while there is none.
  AgentProgram* agent() { return agent_.get(); }
  const AgentProgram* agent() const { return agent_.get(); }
  Supervisor* supervisor() { return supervisor_.get(); }
  const Supervisor* supervisor() const { return supervisor_.get(); }

  // Endpoint, for the agent's ends of its connections.
  bool is_awake() const override { return agent_ != nullptr && !agent_frozen_; }
  bool reads(ConnectionId connection) const override { return agent_->reads(connection); }
  void on_message(ConnectionId connection, const std::string& bytes) override;
  void on_closed(ConnectionId connection, const std::string& reason) override;
  void on_writable(ConnectionId connection) override;

  // AgentShell.
  bool is_agent_frozen() const override { return agent_frozen_; }
  void agent_failed(const std::string& why) override;
  std::optional<ConnectionId> connect_supervisor() override;
  bool supervisor_exists(const std::string& incarnation) const override;
  ConnectionId dial_master() override;

 private:
  void end_agent(bool silently);
  void restart_later();

  // The supervisor's socket, whoever listens on it.
  struct Socket final : Listener {
    explicit Socket(Node& the_node) : node(the_node) {}
    Endpoint* accept(ConnectionId connection) override {
      return node.supervisor_ ? node.supervisor_->accept(connection) : nullptr;
    }
    bool is_reachable() const override { return true; }
    Node& node;
  };

  Context& context_;
  Machine machine_;
  Listener& master_;
  Listener* other_master_ = nullptr;
  Socket socket_{*this};
  std::unique_ptr<Supervisor> supervisor_;
  std::unique_ptr<AgentProgram> agent_;
  bool agent_frozen_ = false;
  std::uint64_t incarnation_ = 0;
  std::uint64_t supervisors_ = 0;
};

}  // namespace drover::sim
