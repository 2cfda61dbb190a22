// The schema of a task group.
#pragma once

#include "master/core/records.h"
#include "master/http/template/schema.h"

namespace drover::http {

Fields<core::GroupSpec> group_fields();
Fields<core::GroupSpec> reschedule_fields();
Fields<core::UpdatePolicy> update_fields();

}  // namespace drover::http
