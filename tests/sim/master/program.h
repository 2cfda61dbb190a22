// One running master: the real core, sequencer and view on a simulated disk, and the sessions of
// its agents. What master/main.cc puts together, and engine/engine.cc and agents/session.cc drive
// with threads, is driven here by events. It ends by being destroyed.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "master/agents/conversation.h"
#include "master/engine/read_only.h"
#include "master/engine/sequencer.h"
#include "master/engine/view.h"
#include "tests/sim/base/clock.h"
#include "tests/sim/disk/master_disk.h"
#include "tests/sim/world/context.h"

namespace drover::sim {

// What can go on without the program.
class MasterShell {
 public:
  virtual ~MasterShell() = default;
  virtual bool is_frozen() const = 0;
  // From now on it is read-only, until somebody starts it again.
  virtual void store_failed(const std::string& why) = 0;
  virtual void said(const NodeId& node, const std::string& bytes) = 0;
};

class MasterProgram final : public engine::AgentOutbox {
 public:
  struct Parts {
    Context& context;
    MasterShell& shell;
    Endpoint& endpoint;
    const Clock& clock;
    MasterDisk& disk;
    core::Settings settings;
    std::uint64_t minimum_epoch = 1;
    std::size_t inbox_room = 0;
    std::uint64_t seed = 0;
  };
  // Null: it could not start, as `why` says.
  static std::unique_ptr<MasterProgram> start(const Parts& parts, std::string& why);
  ~MasterProgram() override;

  // A client's command. False: the inbox is full.
  [[nodiscard]] bool submit(core::Command command, engine::OnDone done);

  void accept(ConnectionId connection);
  void on_message(ConnectionId connection, const std::string& bytes);
  void on_closed(ConnectionId connection);
  bool reads(ConnectionId connection) const;
  void on_writable(ConnectionId connection);
  // It goes on after it has stood still.
  void thawed();
  // Its machine has lost its power, or it was killed: its connections end.
  void drop_connections(bool silently);

  const core::State& state() const { return sequencer_->state(); }
  const engine::View& view() const { return *view_; }
  const store::Store& store() const { return store_; }
  bool is_syncing() const { return syncing_; }
  bool is_read_only() const { return read_only_.has_value(); }
  Epoch epoch() const { return epoch_; }

  void send(std::vector<core::MessageToAgent> messages) override;

 private:
  struct Session {
    Session(ConnectionId the_connection, SessionId id, Epoch epoch, const core::Settings& settings)
        : connection(the_connection), said(id, epoch), to_say(id, epoch, settings) {}
    const ConnectionId connection;
    agents::Incoming said;
    agents::Outgoing to_say;
    bool reading = true;
    bool write_waits = false;
  };

  explicit MasterProgram(const Parts& parts);
  bool open(std::string& why);
  void plan_turn();
  void plan_tick();
  void turn();
  void carry_out(std::vector<engine::Submission>& submissions);
  void finish_sync();
  void hold_or_do(std::function<void()> effect);
  void enqueue(core::Command command, engine::OnDone done);
  Session* find(SessionId id);
  void handle(SessionId id, const std::string& bytes);
  void read_next(SessionId id);
  void deliver(std::vector<core::MessageToAgent> messages);
  void write(SessionId id, Session& session);
  void close(SessionId id, const std::string& reason);
  core::Moment now();

  // A guard for events that outlive the program.
  template <class Action>
  auto guarded(Action action) {
    return [weak = std::weak_ptr<bool>(alive_), action = std::move(action)] {
      if (weak.lock()) action();
    };
  }

  const Parts parts_;
  Random random_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);

  SimStore store_;
  Epoch epoch_;
  std::unique_ptr<engine::View> view_;
  std::unique_ptr<engine::Sequencer> sequencer_;
  std::optional<engine::ReadOnly> read_only_;

  std::vector<engine::Submission> inbox_;
  std::chrono::milliseconds next_tick_{0};
  std::chrono::milliseconds tick_period_{0};
  bool turn_planned_ = false;
  bool syncing_ = false;
  bool suspects_ = false;
  std::vector<std::function<void()>> held_;  // until the disk has synced

  std::uint64_t last_session_ = 0;
  std::map<SessionId, Session> sessions_;
  std::map<ConnectionId, SessionId> by_connection_;
};

}  // namespace drover::sim
