// One promise, watched. Each invariant overrides what it has to see; it is called while the event
// happens, so a violation is known before the next one.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/core/io.h"
#include "agent/core/state.h"
#include "drover/agent.pb.h"
#include "master/store/store.h"
#include "tests/sim/oracle/facts.h"
#include "tests/sim/oracle/truth.h"
#include "tests/sim/world/context.h"

namespace drover::sim {

// What an invariant works with.
struct Watch {
  Context& context;
  const Truth& truth;
  Time now() const { return context.events.now(); }
};

// What a starting master has found on its disk.
struct MasterStart {
  const store::Loaded& loaded;
  Epoch epoch;
  std::function<bool(const InstanceId&)> is_history;
};

class Invariant {
 public:
  Invariant(Watch watch, int number) : watch_(watch), number_(number) {}
  virtual ~Invariant() = default;

  // --- The machines
  virtual void process_began(const ProcessBegan&) {}
  virtual void process_ended(const ProcessEnded&) {}
  virtual void process_not_spawned(const ProcessEnded&) {}

  // --- The agents
  virtual void agent_starts(std::uint32_t, const agent::core::Recovered&) {}
  virtual void agent_stepped(std::uint32_t, const agent::core::Input&, const agent::core::Output&) {
  }
  // It could not write down what it has just stepped, and ends itself: none of it counts.
  virtual void agent_failed(std::uint32_t) {}
  virtual void agent_reports(std::uint32_t, const agent::core::AttemptReport&) {}
  virtual void agent_asks(std::uint32_t, const agent::core::SupervisorRequest&) {}

  // --- The master
  virtual void master_starts(const MasterStart&) {}
  virtual void clock_set(std::int64_t) {}  // the wall clock shows this from now on
  virtual void resumed() {}                // an operator has said that silent nodes are lost
  virtual void restored() {}               // an older copy of its data was put back
  // Handed to the disk: it may be lost, or be there although the write failed.
  virtual void written(Index) {}
  // Certain to be on the disk. Truth is what was before,
  virtual void committed(const core::Changes&) {}
  // and here what is now.
  virtual void recorded(const core::Changes&) {}
  virtual void synced(Index) {}
  // Released by the engine, to sessions.
  virtual void told_agents(const std::vector<core::MessageToAgent>&, Index) {}
  virtual void sent_to_agent(std::uint32_t, const v1::MasterMessage&) {}

  // --- Clients. What they are told is in Truth afterwards.
  virtual void answered(Index last_index) { static_cast<void>(last_index); }
  virtual void created(const std::string&) {}
  virtual void deployed(const InstanceId&) {}
  virtual void stopped(const InstanceId&) {}
  // A deploy with that key was acknowledged as this instance.
  virtual void keyed(const std::string&, const InstanceId&) {}

 protected:
  const Truth& truth() const { return watch_.truth; }
  Context& context() { return watch_.context; }
  Time now() const { return watch_.now(); }
  std::string name(const auto& id) { return watch_.context.trace.name(id); }
  // The promise was broken. The first one counts.
  void broken(const std::string& what, Subjects subjects);

 private:
  const Watch watch_;
  const int number_;
};

}  // namespace drover::sim
