// The schema of `health`: how a task is checked.
#pragma once

#include "common/task_spec.h"
#include "master/http/template/schema.h"

namespace drover::http {

Fields<HealthSpec> health_fields();

MaybeProblem read_health(const boost::json::value& value, const Place& place, TaskSpec& task);

}  // namespace drover::http
