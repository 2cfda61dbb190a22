// Why a copy of a group has no node: what rules out each node, and which one is nearest.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "master/core/records.h"
#include "master/core/resources.h"
#include "master/engine/view.h"

namespace drover::http {

// Each node is counted once, by the first of these that rules it out.
struct Explanation {
  std::size_t nodes = 0;
  std::size_t offline = 0;
  std::size_t draining = 0;
  std::size_t refusing = 0;                                      // their agents take no work
  std::vector<std::pair<std::string, std::size_t>> constraints;  // by each that does not hold
  std::size_t without_cpu = 0;                                   // too little of it is left
  std::size_t without_memory = 0;  // enough processors, and too little memory

  struct Nearest {
    NodeId node;
    core::Resources lacks;
  };
  std::optional<Nearest> nearest;  // of those where nothing but room is missing
};

// As the nodes are now. The group's parameters are in their places. Pure; any thread.
Explanation explain(const core::GroupSpec& group, std::span<const engine::NodeStatus> nodes);

// Of the copies that wait for a node, by their slots; those that are looked at alike share one.
using Explanations = std::map<std::uint32_t, std::shared_ptr<const Explanation>>;

// Why a copy waits, for people.
const char* reason_to_wait(core::WaitReason reason);

// How much of the demand the room lacks; nothing of either: it fits.
core::Resources missing(const core::Resources& demand, const core::Resources& room);
// "2 cores and 512 MiB", for people.
std::string to_text(const core::Resources& lacks);

// "of 3 nodes 1 is offline and 2 have too little memory left; the nearest is ...", for people.
std::string to_text(const Explanation& explanation);
boost::json::object to_json(const Explanation& explanation);

}  // namespace drover::http
