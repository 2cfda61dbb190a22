// One running agent: the real core, its journal's real bytes on a simulated disk, and its two
// lines. What agent/agent.cc does in its loop is done here whenever an event wakes it. It ends by
// being destroyed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/state.h"
#include "tests/sim/node/machine.h"
#include "tests/sim/node/master_link.h"
#include "tests/sim/node/supervisor_link.h"
#include "tests/sim/world/context.h"

namespace drover::sim {

class AgentShell {
 public:
  virtual ~AgentShell() = default;
  virtual bool is_agent_frozen() const = 0;
  virtual void agent_failed(const std::string& why) = 0;
  // Connects to the machine's supervisor, and starts one where there is none.
  virtual std::optional<ConnectionId> connect_supervisor() = 0;
  virtual bool supervisor_exists(const std::string& incarnation) const = 0;
  virtual ConnectionId dial_master() = 0;
};

class AgentProgram final {
 public:
  AgentProgram(Context& context, Machine& machine, AgentShell& shell);
  ~AgentProgram();

  // Reads what its predecessor has left. False: it ends at once.
  bool start();
  void thawed() { plan_turn(0); }
  void say_goodbye() { master_.say_goodbye(); }
  void drop_connections(bool silently);

  bool reads(ConnectionId connection) const;
  void on_message(ConnectionId connection, const std::string& bytes);
  void on_closed(ConnectionId connection, const std::string& reason);
  void on_writable(ConnectionId connection);

  const agent::core::State& state() const { return state_; }
  bool has_session() const { return master_.is_open(); }
  std::optional<ConnectionId> master_connection() const { return master_.connection(); }

 private:
  agent::core::Moment now() const;
  void plan_turn(Time pause);
  void plan_deadline();
  void turn();
  void step(const agent::core::Input& input, agent::core::Moment moment,
            agent::core::Output& output);
  void take_link_events(std::vector<agent::core::Input>& inputs, std::int64_t steady_ms);
  bool carry_out(const agent::core::Output& output);
  void look_at_storage(std::vector<agent::core::Input>& inputs, std::int64_t steady_ms);
  bool storage_is_full() const { return !has_room_ || journal_full_; }
  void make_reserve();
  void begin_journal(std::size_t intact_bytes);
  bool append(const std::vector<agent::core::JournalRecord>& records);
  void send_requests(const std::vector<agent::core::SupervisorRequest>& requests);
  void begin(const agent::core::Probe& probe);
  void send_to_master(const std::vector<agent::core::AttemptReport>& reports,
                      const std::vector<AllocationId>& removed);
  void dial(std::int64_t steady_ms);
  void add_heartbeat(v1::AgentMessage& message);

  Context& context_;
  Machine& machine_;
  AgentShell& shell_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  bool failed_ = false;

  agent::core::State state_;
  std::vector<agent::core::Checked> checked_;  // that no turn has seen yet
  SupervisorLink supervisor_;
  MasterLink master_;
  bool attached_once_ = false;
  bool hello_wanted_ = false;
  bool heartbeat_wanted_ = false;
  bool has_room_ = true;
  bool journal_full_ = false;
  std::int64_t storage_due_ms_ = 0;
  bool turn_planned_ = false;
  std::uint64_t deadline_number_ = 0;  // of the latest plan
};

}  // namespace drover::sim
