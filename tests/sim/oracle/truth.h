// What really is, kept up to date by what the oracle is told. The invariants compare with it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "common/ids.h"
#include "master/core/outcome.h"
#include "master/core/records.h"
#include "tests/sim/oracle/facts.h"

namespace drover::sim {

// What can be wrong with a node, or with the way to it.
enum class Trouble : std::uint8_t {
  no_agent,
  frozen,
  no_supervisor,
  supervisor_frozen,
  cut,
  slow,
  disk,
  off,
  mute,      // its connection is dead, and nobody has noticed
  replaced,  // something else speaks in its name
};

// Since when nothing has been wrong.
class Health {
 public:
  void set(Trouble trouble, bool is_there, Time now);
  std::optional<Time> calm_since() const;
  // The same, if nothing but these counts.
  std::optional<Time> free_of(std::initializer_list<Trouble> troubles) const;

 private:
  std::set<Trouble> troubles_;
  std::map<Trouble, Time> ended_;
  Time since_ = 0;
};

// From here on the sessions of superseded masters are numbered.
inline constexpr std::uint64_t kSupersededSessions = 1'000'000;

// What a client knows for certain.
struct ClientRecord {
  std::string template_name;
  Time deployed = 0;
  std::optional<Time> stopped;  // when the stop was acknowledged
};

// What is certain to be on the master's disk.
struct Records {
  std::map<InstanceId, core::Ptr<core::Instance>> instances;
  std::map<std::pair<InstanceId, std::uint32_t>, core::Ptr<core::Allocation>> allocations;
  std::map<NodeId, core::Ptr<core::Node>> nodes;
  std::set<InstanceId> history;
  // Also of slots that have gone since.
  std::map<std::pair<InstanceId, std::uint32_t>, core::SlotRole> roles;

  void apply(const core::Changes& changes);
  // The group's present copy; null: there is none.
  const core::Allocation* present(const AllocationId& id) const;
};

struct Truth {
  Records records;
  Time written_at = 0;  // when what is being committed was handed to the disk
  std::map<std::string, core::TemplateSpec> templates;  // acknowledged
  std::map<InstanceId, ClientRecord> instances;         // acknowledged
  std::map<AttemptId, RealAttempt> attempts;  // that ever had a process, or were refused one

  std::map<std::uint32_t, Health> nodes;
  Health master;
  std::map<NodeId, std::uint32_t> machine_of;
  bool read_only = false;  // the master

  // Whose records were damaged on purpose, and all that there were when an older copy of the
  // master's data was put back: nothing is promised of them.
  std::set<InstanceId> excused_instances;
  std::optional<InstanceId> excused_before;
  bool is_excused(const InstanceId& id) const {
    return excused_instances.contains(id) || (excused_before && id < *excused_before);
  }
  // On these machines a journal was damaged on purpose.
  std::set<std::uint32_t> damaged_journals;
  // On these a supervisor that stood still could not end what it should have.
  std::set<std::uint32_t> frozen_supervisors;
  // Of these there has been a second one with the same secret.
  std::set<std::uint32_t> cloned;

  // Master and node have been well, and could speak, since then.
  std::optional<Time> calm_since(std::uint32_t machine) const;
  const core::GroupSpec* group(const AllocationId& id) const;
  const TaskSpec* task(const AttemptId& id) const;  // null: it is not known
};

}  // namespace drover::sim
