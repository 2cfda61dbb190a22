// Copies that wait for a node, or would have to: why, and what would help.
#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "master/engine/view.h"
#include "master/http/answer.h"
#include "master/http/services.h"

namespace drover::http {

// Copies of one group that wait for the same.
struct WaitingCopies {
  core::Ptr<core::Template> from;  // with its parameters in their places
  std::uint32_t group = 0;
  core::WaitReason reason = core::WaitReason::none;
  std::optional<NodeId> pinned;  // the only node that they may be on
  std::size_t count = 0;
};

// Adds one to those that are alike.
void add_waiting(WaitingCopies one, std::vector<WaitingCopies>& all);

// Any thread.
boost::json::array waiting_json(const engine::View& view, const std::vector<WaitingCopies>& all);

// GET /api/v1/instances/{id}/explain
Answer explain_instance(const Services& services, const Request& request);

// The answer to a deploy that is only tried.
Response plan_response(const engine::View& view, const core::PlacementPlan& plan);

}  // namespace drover::http
