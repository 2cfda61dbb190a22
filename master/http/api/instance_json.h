// An instance as the API shows it: state and cause, and every group, copy and task.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/ids.h"
#include "master/core/guard.h"
#include "master/core/outcome.h"
#include "master/core/records.h"
#include "master/http/api/explanation.h"

namespace drover::http {

// What nodes cannot do, in the words of their agents.
using NodeLacks = std::map<NodeId, std::vector<std::string>>;

// The template of the copies, by version.
using Versions = std::map<std::uint32_t, core::Ptr<core::Template>>;

// What running attempts take.
using MeasuredTasks = std::map<AttemptId, core::MeasuredTask>;

// What is said of an instance beside its records.
struct Surroundings {
  Versions versions;  // where one is missing, its record is gone: groups and tasks have no names
  core::ClusterStatus cluster = {};
  NodeLacks lacks = {};
  Explanations why_waiting = {};
  MeasuredTasks uses = {};
};

// Of the last batch that has changed anything of it.
Index index_of(const core::Instance& instance,
               const std::vector<core::Ptr<core::Allocation>>& groups);

// Pure; any thread.
std::string instance_json(const core::Instance& instance,
                          const std::vector<core::Ptr<core::Allocation>>& groups,
                          const Surroundings& around);

}  // namespace drover::http
