// The rows of `restart`: when a task is begun again in place.
#pragma once

#include "common/task_spec.h"
#include "master/http/template/schema.h"

namespace drover::http {

MaybeProblem read_restart(const boost::json::value& value, const Place& place, TaskSpec& task);

Fields<RestartSpec> restart_fields();
inline constexpr schema::Component kRestartSchema{
    "RestartPolicy", "When a task is begun again in place.", object_of<restart_fields>};

}  // namespace drover::http
