// The schema of a task's resources.
#pragma once

#include <boost/json/value.hpp>

#include "common/task_spec.h"
#include "master/http/template/schema.h"

namespace drover::http {

MaybeProblem read_resources(const boost::json::value& value, const Place& place, TaskSpec& task);
Fields<TaskResources> resources_fields();
inline constexpr schema::Component kResourcesSchema{
    "TaskResources", "What a task may have of its node.", object_of<resources_fields>};

}  // namespace drover::http
