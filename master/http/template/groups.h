// The schema of a task group.
#pragma once

#include "master/core/records.h"
#include "master/http/template/schema.h"

namespace drover::http {

Fields<core::GroupSpec> group_fields();
Fields<core::GroupSpec> reschedule_fields();
Fields<core::UpdatePolicy> update_fields();

inline constexpr schema::Component kGroupSchema{
    "TaskGroup", "The unit of placement: all its tasks run on one node.", object_of<group_fields>};
inline constexpr schema::Component kRescheduleSchema{
    "ReschedulePolicy", "When another copy of a group follows one that has ended.",
    object_of<reschedule_fields>};
inline constexpr schema::Component kUpdateSchema{
    "UpdatePolicy", "How copies of a service are replaced by others.", object_of<update_fields>};

}  // namespace drover::http
