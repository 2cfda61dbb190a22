// Events as the API shows them, and which of them a client wants.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/ids.h"
#include "master/core/events.h"

namespace drover::http {

// Where an event is in the stream. Its text is "12.3": the fourth event of the batch 12.
struct EventPlace {
  Index index;
  std::size_t position = 0;

  std::string text() const;
  auto operator<=>(const EventPlace&) const = default;
};

// What is absent may be anything.
struct EventFilter {
  std::vector<std::string> kinds;  // "task.ended", or "task" for all of them
  std::optional<InstanceId> instance;
  std::optional<NodeId> node;
  std::optional<std::string> template_name;

  bool takes(const core::ClusterEvent& event) const;
};

// One line of JSON, without its end.
std::string event_json(const EventPlace& place, const core::ClusterEvent& event);

}  // namespace drover::http
