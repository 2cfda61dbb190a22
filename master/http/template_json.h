// The one place that maps JSON to a template.
#pragma once

#include <string_view>

#include "common/ids.h"
#include "master/core/records.h"
#include "master/http/errors.h"

namespace drover::http {

// The whole of a template, checked; README.md lists the rules. On success `out` is set.
MaybeProblem read_template(std::string_view body, core::TemplateSpec& out);

// {"name": "..."}
MaybeProblem read_template_name(std::string_view body, std::string& out);

// {"id": "<uuid>"}
MaybeProblem read_instance_id(std::string_view body, InstanceId& out);

}  // namespace drover::http
