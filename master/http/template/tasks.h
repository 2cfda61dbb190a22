// The schema of a task.
#pragma once

#include "common/task_spec.h"
#include "master/http/template/schema.h"

namespace drover::http {

Fields<TaskSpec> task_fields();
Fields<TaskSpec> config_fields();

inline constexpr schema::Component kTaskSchema{"Task", "One command of a group.",
                                               object_of<task_fields>};
inline constexpr schema::Component kConfigSchema{"TaskConfig", "What is run, and how.",
                                                 object_of<config_fields>};

}  // namespace drover::http
