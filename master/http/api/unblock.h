// What somebody can do so that a copy which waits finds a node.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "master/engine/view.h"
#include "master/http/api/explanation.h"

namespace drover::http {

// For people, what is most at hand first, and no more than a few; `found` is of the same group and
// nodes. Empty: nothing that could be said. Any thread.
std::vector<std::string> unblock(const engine::View& view, const core::GroupSpec& group,
                                 std::span<const engine::NodeStatus> nodes,
                                 const Explanation& found, core::WaitReason reason);

}  // namespace drover::http
