// The schema of `schedule`: when a template is deployed by itself.
#pragma once

#include "master/core/records.h"
#include "master/http/template/schema.h"

namespace drover::http {

Fields<core::ScheduleSpec> schedule_fields();
inline constexpr schema::Component kScheduleSchema{
    "Schedule", "When a template is deployed by itself.", object_of<schedule_fields>};

MaybeProblem read_schedule(const boost::json::value& value, const Place& place,
                           core::TemplateSpec& spec);

// Whether a template with a schedule can be deployed again and again, with nobody to give it
// values. `place` is the template's.
MaybeProblem check_schedule(const core::TemplateSpec& spec, const Place& place);

}  // namespace drover::http
