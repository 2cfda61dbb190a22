// The small bodies of requests. A template is read in template/.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/ids.h"
#include "master/http/errors.h"

namespace drover::http {

// {"name": "..."}
MaybeProblem read_name_body(std::string_view body, std::string& out);

// {"template": "...", "parameters": {"name": "value"}}, the latter optional.
struct DeployBody {
  std::string template_name;
  std::map<std::string, std::string> parameters;
};
MaybeProblem read_deploy_body(std::string_view body, DeployBody& out);

// {"id": "<uuid>"}
MaybeProblem read_id_body(std::string_view body, InstanceId& out);

}  // namespace drover::http
