// What watches the world: it is told what really happens, keeps the truth, and asks every
// invariant.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/oracle/invariant.h"

namespace drover::sim {

struct Violation {
  int invariant = 0;  // as quality.md and README.md number them
  std::string what;
  Subjects subjects;
  Time when = 0;
};

class Oracle {
 public:
  // From now on; before anything is told. The context, which refers to this oracle, outlives it.
  void watch(Context& context);

  const std::optional<Violation>& violation() const { return violation_; }
  void broken(int invariant, const std::string& what, Subjects subjects);
  const Truth& truth() const { return truth_; }

  // --- Told by the machines
  void process_began(const ProcessBegan& fact);
  void process_ended(const ProcessEnded& fact);
  void process_not_spawned(const ProcessEnded& fact);
  void trouble(std::uint32_t machine, Trouble trouble, bool is_there);

  // --- By the agents
  void agent_starts(std::uint32_t machine, const agent::core::Recovered& recovered);
  void agent_stepped(std::uint32_t machine, const agent::core::Input& input,
                     const agent::core::Output& output);
  void agent_failed(std::uint32_t machine);
  // When it has written down what it had to.
  void agent_reports(std::uint32_t machine, const agent::core::AttemptReport& report);
  void agent_asks(std::uint32_t machine, const agent::core::SupervisorRequest& request);

  // --- By the master
  void master_starts(const MasterStart& start);
  void master_ended();
  void master_troubled(Trouble trouble, bool is_there);
  void master_clock_set(std::int64_t unix_ms);  // its wall clock, to what it shows now
  void written(const core::Changes& changes, Index index);
  void synced(Index index);
  void told_agents(const std::vector<core::MessageToAgent>& messages, Index last_index);
  void sent_to_agent(const NodeId& node, const v1::MasterMessage& message);

  // --- By the clients
  void answered(Index last_index);
  void created(const std::string& name, const core::TemplateSpec& spec);
  void deployed(const InstanceId& id, const std::string& template_name);
  void stopped(const InstanceId& id);
  // A deploy with a key: before deployed().
  void keyed(const std::string& key, const InstanceId& id);

  // --- By the faults
  void know_machine(std::uint32_t machine, const NodeId& node);
  void excuse(const InstanceId& id);
  // A template's record was damaged on purpose.
  void excuse(const std::string& template_name);
  void journal_damaged(std::uint32_t machine);
  void cloned(std::uint32_t machine);
  void resumed();
  // An older copy of the master's data was put back. `next`: greater than every id until now.
  void restored(const std::function<bool(const InstanceId&)>& is_there,
                const std::function<bool(const std::string&)>& has_template,
                const InstanceId& next);

 private:
  template <class Invariants, class... Arguments>
  void ask(Invariants call, const Arguments&... arguments) {
    for (const auto& invariant : invariants_) ((*invariant).*call)(arguments...);
  }

  void commit_up_to(Index index);

  Context* context_ = nullptr;
  Truth truth_;
  std::vector<std::unique_ptr<Invariant>> invariants_;
  struct Written {
    Index index;
    Time when = 0;
    core::Changes changes;
  };
  std::vector<Written> written_;  // and not known to be committed
  std::optional<Violation> violation_;
};

}  // namespace drover::sim
