// What has happened, in the order in which it was decided: one stream for the whole cluster, which
// is stored with the records that it tells of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/ids.h"
#include "master/core/records.h"

namespace drover::core {

// The numbers are stored.
enum class EventKind : std::uint8_t {
  template_created = 0,
  template_changed = 1,  // another version of it
  template_removed = 2,
  instance_created = 3,
  instance_state = 4,
  instance_update = 5,   // a change of version has gone on; state is the rollout's
  instance_removed = 6,  // out of the history
  allocation_placed = 7,
  task_started = 8,
  task_ended = 9,
  task_unknown = 10,  // its node is silent
  task_health = 11,
  node_joined = 12,
  node_online = 13,
  node_offline = 14,
  node_draining = 15,
  node_drained = 16,
  node_resumed = 17,
  node_removed = 18,
};
inline constexpr std::size_t kEventKinds = 19;
// "task.started"
const char* to_string(EventKind kind);

// Fields that do not belong to its kind are empty. Names are kept as they were then.
struct ClusterEvent {
  EventKind kind = EventKind::instance_state;
  UnixMs time = 0;
  std::optional<InstanceId> instance = std::nullopt;
  std::string template_name = {};
  std::uint32_t version = 0;
  std::optional<NodeId> node = std::nullopt;
  std::string state = {};   // in the words of to_string: of the instance, the task, the rollout
  std::string detail = {};  // for people
  std::optional<AllocationId> allocation = std::nullopt;
  std::string group = {};   // its name, or its position
  std::uint32_t index = 0;  // of the copy within the group
  std::string task = {};
  std::uint32_t attempt = 0;
  TaskEnd end = {};  // of task_ended

  bool operator==(const ClusterEvent&) const = default;
};

// What a change of a record tells; `before` is null where there was none. Each appends.
void tell(const Template* before, const Template& after, UnixMs now,
          std::vector<ClusterEvent>& events);
void tell(const Instance* before, const Instance& after, UnixMs now,
          std::vector<ClusterEvent>& events);
void tell(const Node* before, const Node& after, UnixMs now, std::vector<ClusterEvent>& events);
// `from`: the copy's template; null: it cannot be read, and what is in it has no names.
void tell(const Allocation* before, const Allocation& after, const Template* from, UnixMs now,
          std::vector<ClusterEvent>& events);

}  // namespace drover::core
