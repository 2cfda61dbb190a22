// Which attempts of an instance a request for output means. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/ids.h"
#include "master/core/records.h"
#include "master/http/api/instance_json.h"
#include "master/http/api/instance_view.h"
#include "master/http/errors.h"

namespace drover::http {

// What is not said is all of it.
struct LogSelection {
  std::optional<std::string> group;  // its name, or its position in the template
  std::optional<std::uint32_t> index;
  std::optional<std::string> task;  // its name, or its position in the group
  std::optional<std::uint32_t> attempt;
  bool all_attempts = false;                // with neither: the latest of each task
  std::optional<std::uint32_t> generation;  // of an earlier copy; without, the present ones
};

struct LogTarget {
  AttemptId attempt;  // of an earlier copy its number may be 0: the newest that is kept
  NodeId node;
  std::string group;
  std::uint32_t index = 0;
  std::string task;
  bool is_over = false;
  core::TaskEnd end = {};  // where that is known

  std::string label() const;  // "web[0].server#2"
};

// In the order of slots, tasks and attempts. What has not begun has none.
std::vector<LogTarget> log_targets(const WholeInstance& whole, const Versions& versions,
                                   const LogSelection& selection);

// What the selection names and the instance does not have.
MaybeProblem check_selection(const WholeInstance& whole, const Versions& versions,
                             const LogSelection& selection);

}  // namespace drover::http
