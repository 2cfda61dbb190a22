// An instance as the API shows it: state and cause, and every group, copy and task.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "master/core/guard.h"
#include "master/core/records.h"
#include "master/http/api/explanation.h"

namespace drover::http {

// What nodes cannot do, in the words of their agents.
using NodeLacks = std::map<NodeId, std::vector<std::string>>;

// The template of the copies, by version.
using Versions = std::map<std::uint32_t, core::Ptr<core::Template>>;

// Of the last batch that has changed anything of it.
Index index_of(const core::Instance& instance,
               const std::vector<core::Ptr<core::Allocation>>& groups);

// Where a version is missing, its record is gone, and its groups and tasks have no names.
// Pure; any thread.
std::string instance_json(const core::Instance& instance,
                          const std::vector<core::Ptr<core::Allocation>>& groups,
                          const Versions& versions, const core::ClusterStatus& cluster,
                          const NodeLacks& lacks = {}, const Explanations& why_waiting = {});

}  // namespace drover::http
