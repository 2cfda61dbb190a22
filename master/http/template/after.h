// `after` of a task: what it waits for before it begins.
#pragma once

#include <array>
#include <boost/json/value.hpp>
#include <string_view>
#include <vector>

#include "common/task_spec.h"
#include "master/http/json_fields.h"

namespace drover::http {

// What a task can have come to.
inline constexpr std::array<std::string_view, 3> kAwaited = {"started", "succeeded", "healthy"};

MaybeProblem read_after(const boost::json::value& value, const Place& place, TaskSpec& task);

// Whether each task of a group waits for others of it, and none for itself in the end. `place` is
// that of the array of tasks.
MaybeProblem check_order(const std::vector<TaskSpec>& tasks, const Place& place);

}  // namespace drover::http
