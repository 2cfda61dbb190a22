// What there is of an instance and what is wanted of it, side by side, and how its copies stand. A
// look, and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "master/core/state.h"

namespace drover::core {

// One copy that is wanted: the slots of it, by what shall become of them.
struct Role {
  std::uint32_t index = 0;
  std::optional<NodeId> pinned = std::nullopt;  // of a system instance: the node that it is for
  std::vector<std::uint32_t> staying = {};
  std::vector<std::uint32_t> outdated = {};
  std::vector<std::uint32_t> leaving = {};  // retired, and not yet gone

  bool is_empty() const { return staying.empty() && outdated.empty() && leaving.empty(); }
  bool is_in_flight() const { return !leaving.empty() || (!staying.empty() && !outdated.empty()); }
};

struct Plan {
  std::vector<std::vector<Role>> roles;  // by group of the wanted version
  std::vector<std::uint32_t> unwanted;   // slots that shall go
};

// Of an instance whose template can be read. Of a service each group has as many roles as it shall
// have copies; of a system instance, one for each node that it fits and that can take work, or
// where there is something of it.
Plan plan_of(const State& state, const InstanceEntry& entry);

// Of a system instance: that one node alone.
Plan plan_of(const InstanceEntry& entry, const NodeEntry& node);

// Whether all its tasks run, and are healthy where they are checked, or have succeeded.
bool is_well(const InstanceEntry& entry, const Allocation& copy);

// Whether it has ended as failed, or the copy before it in its slot has.
bool has_failed(const Allocation& copy);

// What its own node alone can help: it holds up nobody else. Where another version has ended for
// it, there was room, and it may be too large itself.
bool waits_for_its_node(const InstanceEntry& entry, const Allocation& copy);

}  // namespace drover::core
