// The schema of `health`: how a task is checked.
#pragma once

#include "common/task_spec.h"
#include "master/http/template/schema.h"

namespace drover::http {

Fields<HealthSpec> health_fields();
inline constexpr schema::Component kHealthSchema{
    "HealthCheck", "How a task is checked: by exactly one of `command`, `http` and `tcp`.",
    object_of<health_fields>};

MaybeProblem read_health(const boost::json::value& value, const Place& place, TaskSpec& task);

}  // namespace drover::http
