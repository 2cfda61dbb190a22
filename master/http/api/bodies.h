// The small bodies of requests. A template is read in template/.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/ids.h"
#include "master/http/errors.h"
#include "master/http/openapi/schema.h"

namespace drover::http {

// {"name": "..."}
MaybeProblem read_name_body(std::string_view body, std::string& out);
extern const schema::Component kNameBodySchema;

// {"template": "...", "parameters": {"name": "value"}}, the latter optional.
struct DeployBody {
  std::string template_name;
  std::map<std::string, std::string> parameters;
};
MaybeProblem read_deploy_body(std::string_view body, DeployBody& out);
extern const schema::Component kDeployBodySchema;

// {"version": 3}, or nothing.
MaybeProblem read_update_body(std::string_view body, std::optional<std::uint32_t>& version);
extern const schema::Component kUpdateBodySchema;

// {"group": "web", "count": 3}
struct ScaleBody {
  std::string group;
  std::uint32_t count = 0;
};
MaybeProblem read_scale_body(std::string_view body, ScaleBody& out);
extern const schema::Component kScaleBodySchema;

// {"deadline": "1h"}, or nothing.
MaybeProblem read_drain_body(std::string_view body, std::chrono::milliseconds& deadline);
extern const schema::Component kDrainBodySchema;

// {"id": "<uuid>"}
MaybeProblem read_id_body(std::string_view body, InstanceId& out);
extern const schema::Component kIdBodySchema;

}  // namespace drover::http
