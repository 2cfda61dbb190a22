// The small bodies of requests. A template is read in template/.
#pragma once

#include <string>
#include <string_view>

#include "common/ids.h"
#include "master/http/errors.h"

namespace drover::http {

// {"name": "..."}
MaybeProblem read_name_body(std::string_view body, std::string& out);

// {"id": "<uuid>"}
MaybeProblem read_id_body(std::string_view body, InstanceId& out);

}  // namespace drover::http
