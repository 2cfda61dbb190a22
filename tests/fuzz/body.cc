#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "common/check.h"
#include "master/http/api/bodies.h"
#include "master/http/api/task_bodies.h"
#include "master/http/json_text.h"
#include "master/http/template/templates.h"
#include "tests/fuzz/holds.h"
#include "tests/fuzz/schemas.h"
#include "tests/fuzz/targets.h"

namespace drover::fuzz {
namespace {

// A body that a reader takes fits the schema that programs are told of it.
void check_taken(const http::MaybeProblem& problem, const http::schema::Component& schema,
                 std::string_view body) {
  if (problem) {
    check_problem(*problem);
  } else if (!body.empty()) {
    check_fits(schema.name, body);
  }
}

void read_template(std::string_view body) {
  core::TemplateSpec spec;
  const auto problem = http::read_template(body, spec);
  check_taken(problem, http::kTemplateSchema, body);
  if (problem) return;
  // It is stored without white space, and read again from there.
  const std::string compact = http::compact_json(body);
  core::TemplateSpec again;
  DROVER_CHECK(!http::read_template(compact, again), "what is stored can be read");
  DROVER_CHECK(spec == again, "and says the same");
  DROVER_CHECK(http::compact_json(compact) == compact, "nothing is left to be left out");
}

}  // namespace

void fuzz_body(std::string_view bytes) {
  read_template(bytes);
  std::string name;
  check_taken(http::read_name_body(bytes, name), http::kNameBodySchema, bytes);
  InstanceId id;
  check_taken(http::read_id_body(bytes, id), http::kIdBodySchema, bytes);
  http::DeployBody deploy;
  check_taken(http::read_deploy_body(bytes, deploy), http::kDeployBodySchema, bytes);
  std::optional<std::uint32_t> version;
  check_taken(http::read_update_body(bytes, version), http::kUpdateBodySchema, bytes);
  http::ScaleBody scale;
  check_taken(http::read_scale_body(bytes, scale), http::kScaleBodySchema, bytes);
  core::TaskSelection tasks;
  check_taken(http::read_restart_body(bytes, tasks), http::kRestartBodySchema, bytes);
  http::SignalBody signal;
  check_taken(http::read_signal_body(bytes, signal), http::kSignalBodySchema, bytes);
  std::chrono::milliseconds deadline{0};
  check_taken(http::read_drain_body(bytes, deadline), http::kDrainBodySchema, bytes);
}

}  // namespace drover::fuzz
