// The schema of a task.
#pragma once

#include "common/task_spec.h"
#include "master/http/template/schema.h"

namespace drover::http {

Fields<TaskSpec> task_fields();
Fields<TaskSpec> config_fields();

}  // namespace drover::http
