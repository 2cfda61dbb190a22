// A task as it is sent and stored, and back. The one place that knows both.
#pragma once

#include "common/resource_use.h"
#include "common/task_spec.h"
#include "drover/task.pb.h"

namespace drover::wire {

void write(const TaskSpec& task, v1::TaskSpec& message);

TaskSpec read(const v1::TaskSpec& message);

// A reason that is not known here is `itself`.
EndReason read(v1::EndReason reason);
// What another version calls otherwise is unknown.
Health read_health(std::uint32_t number);
v1::EndReason write(EndReason reason);

void write(const ResourceUse& used, v1::ResourceUse& message);
ResourceUse read(const v1::ResourceUse& message);

}  // namespace drover::wire
