// A simulated supervisor and the processes that it owns: the protocol and the promises of
// agent/supervisor/README.md, with the real messages and the real fence.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "agent/supervisor/fence_timer.h"
#include "drover/supervisor.pb.h"
#include "tests/sim/node/machine.h"
#include "tests/sim/node/task.h"
#include "tests/sim/oracle/facts.h"
#include "tests/sim/world/context.h"

namespace drover::sim {

class Supervisor final : public Endpoint {
 public:
  Supervisor(Context& context, Machine& machine, std::uint64_t number);
  // It dies, and its tasks with it.
  ~Supervisor() override;

  const std::string& id() const { return id_; }
  void freeze();
  void thaw();
  bool is_frozen() const { return frozen_; }

  // Keys of what runs, and of all that it knows.
  std::size_t known() const { return attempts_.size(); }
  std::vector<std::string> known_keys() const;

  bool is_awake() const override { return !frozen_; }
  void on_message(ConnectionId connection, const std::string& bytes) override;
  void on_closed(ConnectionId connection, const std::string& reason) override;
  Endpoint* accept(ConnectionId connection);

 private:
  struct Attempt {
    std::uint64_t number = 0;
    std::string key;
    TaskBehaviour task;
    bool fenced = false;
    std::int64_t fence_grace_ms = 0;
    bool fence_passed = false;
    bool terminated = false;     // SIGTERM has come
    bool killed = false;         // SIGKILL has come
    bool signalled = false;      // by request
    std::optional<RealEnd> end;  // there is no process any more
    bool end_noticed = false;
    std::int64_t started_unix_ms = 0;
    std::int64_t started_steady_ms = 0;
    std::int64_t ended_unix_ms = 0;
  };

  void attach(ConnectionId connection);
  void spawn(const supervisor::Spawn& request);
  void signal(const std::string& key, int signal);
  void forget(const std::string& key);
  void fail(Attempt& attempt, int error_number);
  void kill(Attempt& attempt);
  void die(std::uint64_t number, RealEnd end);
  void notice(std::uint64_t number);
  void plan_fence();
  void enforce_fence();
  void fill(const Attempt& attempt, supervisor::Status& status) const;
  void tell(const Attempt& attempt);
  Attempt* find(const std::string& key);
  Attempt* find(std::uint64_t number);
  void after(Time pause, std::function<void()> action);

  Context& context_;
  Machine& machine_;
  const std::string id_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  bool frozen_ = false;
  std::map<std::uint64_t, Attempt> attempts_;
  std::map<std::string, std::uint64_t> by_key_;
  std::uint64_t last_number_ = 0;
  supervisor::FenceTimer fence_;
  std::optional<ConnectionId> agent_;
  std::vector<ConnectionId> connections_;
};

}  // namespace drover::sim
