// The calls under /api/v1/instances.
#include <array>

#include "common/limits.h"
#include "master/core/records.h"
#include "master/http/api/bodies.h"
#include "master/http/openapi/instance_shape.h"
#include "master/http/openapi/operations.h"
#include "master/http/openapi/shapes.h"
#include "master/http/openapi/waiting.h"

namespace drover::http::openapi {
namespace {

using schema::Member;
using enum Presence;

constexpr std::array kSummaryMembers = std::to_array<Member>({
    {"id", required, schema::uuid, "What it is called"},
    {"template", required, schema::name, "Of which template it is"},
    {"version", required, schema::whole<1, limits::kMostVersion>, "Of the template"},
    {"state", required, schema::word_of<core::InstanceState::pending, core::InstanceState::lost>,
     "How it is"},
    {"since", required, schema::time, "When it came to this state"},
    {"created", required, schema::time, "When it was deployed"},
    {"labels", required, schema::map<schema::text>, "Those of its template, names and values"},
    {"stop_requested", required, schema::flag, "It was asked to stop, which is final"},
});
constexpr schema::Component kSummaryShape{"InstanceSummary", "An instance in a list.",
                                          schema::object<kSummaryMembers>};

constexpr std::array kDamagedMembers = std::to_array<Member>({
    {"id", required, schema::uuid, "What it is called"},
    {"damaged", required, schema::flag, "true"},
});
constexpr schema::Component kDamagedShape{
    "DamagedInstance", "An instance that has ended, whose record cannot be read.",
    schema::object<kDamagedMembers>};

constexpr std::array kListMembers = std::to_array<Member>({
    {"instances", required,
     schema::list<schema::one_of<schema::ref<kSummaryShape>, schema::ref<kDamagedShape>>>,
     "The newest first"},
    {"cursor", optional, schema::uuid, "There is more: `cursor` of the next page"},
});
constexpr schema::Component kListShape{"InstanceList", "A page of instances.",
                                       schema::object<kListMembers>};

constexpr std::string_view kTag = "Instances";

constexpr std::string_view kListExample = R"({
  "instances": [{
    "id": "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10", "template": "web", "version": 1,
    "state": "running", "since": "2026-11-25T22:45:01.250Z", "created": "2026-11-25T22:45:00.812Z",
    "labels": {"team": "data"}, "stop_requested": false}],
  "cursor": "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10"})";

constexpr std::string_view kInstanceAnswer = R"({
  "id": "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10", "template": "web", "version": 1, "index": 42,
  "state": "running", "since": "2026-11-25T22:45:01.250Z", "created": "2026-11-25T22:45:00.812Z",
  "stop_requested": false, "parameters": {"mode": "fast"},
  "groups": [{
    "group": 0, "name": "web", "index": 0,
    "allocation": "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10.0.1", "generation": 1, "version": 1,
    "state": "running", "node": "01930b7e-4d21-7e0a-8f3b-9b6d2c1a7f05",
    "tasks": [{"name": "server", "state": "running", "attempt": 2, "restarts": 1,
      "started": "2026-11-25T22:45:03.100Z",
      "previous": [{"attempt": 1, "started": "2026-11-25T22:45:01.200Z",
        "ended": "2026-11-25T22:45:02.050Z", "exit_code": 1, "reason": "itself",
        "detail": "exited with 1"}]}],
    "former": []}]})";

}  // namespace

Operation list_instances() {
  return {
      .id = "listInstances",
      .tag = kTag,
      .description =
          "All instances, the newest first, also those that have ended, in pages. A page costs "
          "what "
          "it shows: where a filter rules most of them out, it may come with fewer than asked for, "
          "or none, and a cursor.",
      .success = {"A page of them.", {json_content(schema::ref<kListShape>, kListExample)}},
      .errors = {Code::store_failed},
  };
}

Operation deploy_instance() {
  return {
      .id = "deployInstance",
      .tag = kTag,
      .effect = Effect::changes,
      .description =
          "Makes an instance of a template, with values for the parameters that it "
          "declares. It is answered when the instance is on disk, and placed or waiting.",
      .headers = {request_key_header("b1946ac9-2f3e-4d57-8a15-0d7a7b3c9e21")},
      .body = Body{.schema = schema::ref<kDeployBodySchema>,
                   .examples = {{"plain", "With the defaults of all parameters",
                                 R"({"template": "web"})"},
                                {"parameters", "With a parameter",
                                 R"({"template": "web", "parameters": {"mode": "careful"}})"}}},
      .success = {"The new instance; with `dry_run`, where it would go.",
                  {json_content(schema::one_of<schema::ref<kIdShape>, schema::ref<kPlanShape>>,
                                R"({"id": "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10"})")}},
      .errors = {Code::unknown_template, Code::idempotency_key_reused},
  };
}

Operation get_instance() {
  return {
      .id = "getInstance",
      .tag = kTag,
      .description =
          "An instance with its state and cause, and every group with its copies and "
          "tasks. With `wait` it is answered when something has come true; at the end "
          "of `timeout`, and when the master stops, as it is.",
      .path_parameter = instance_in_path(),
      .success = {"The instance.", {json_content(schema::ref<kInstanceShape>, kInstanceAnswer)}},
      .errors = {Code::invalid_id, Code::unknown_instance, Code::record_damaged,
                 Code::store_failed},
  };
}

Operation end_instance() {
  return {
      .id = "endInstance",
      .tag = kTag,
      .effect = Effect::changes,
      .description =
          "Stops an instance, for good: SIGTERM to all that it started, a grace, SIGKILL. "
          "One that has ended stays as it is.",
      .path_parameter = instance_in_path(),
      .success = id_success("The wish is on disk, and nothing of it is started any more."),
      .errors = {Code::invalid_id, Code::unknown_instance, Code::record_damaged,
                 Code::stop_not_recorded},
  };
}

Operation forget_instance() {
  return {
      .id = "forgetInstance",
      .tag = kTag,
      .effect = Effect::changes,
      .description = "Removes an instance that has ended from the history.",
      .path_parameter = instance_in_path(),
      .success = id_success("Nothing is known of it any more."),
      .errors = {Code::invalid_id, Code::unknown_instance, Code::instance_not_over},
  };
}

Operation update_instance() {
  return {
      .id = "updateInstance",
      .tag = kTag,
      .effect = Effect::changes,
      .description =
          "Gives a service another version of its template: its copies are replaced, "
          "as `update` of each group says, and put back where the version does not prove "
          "well. Without a body: the newest version.",
      .path_parameter = instance_in_path(),
      .body = Body{.presence = optional,
                   .schema = schema::ref<kUpdateBodySchema>,
                   .examples = {{"version", "A version by its number", R"({"version": 1})"},
                                {"newest", "The newest one", "{}"}}},
      .success = plain_success("It has begun."),
      .errors = {Code::invalid_id, Code::unknown_instance, Code::unknown_version,
                 Code::not_a_service, Code::other_kind, Code::stopping},
  };
}

Operation scale_instance() {
  return {
      .id = "scaleInstance",
      .tag = kTag,
      .effect = Effect::changes,
      .description = "Gives a service more copies of a group, or fewer, from now on.",
      .path_parameter = instance_in_path(),
      .body = Body{.schema = schema::ref<kScaleBodySchema>,
                   .examples = {{"more", "Two copies", R"({"group": "web", "count": 2})"},
                                {"none", "No copy for now", R"({"group": "web", "count": 0})"},
                                {"one", "One copy again", R"({"group": "web", "count": 1})"}}},
      .success = plain_success("So many are wanted now."),
      .errors = {Code::invalid_id, Code::unknown_instance, Code::unknown_group, Code::not_a_service,
                 Code::no_count, Code::stopping},
  };
}

}  // namespace drover::http::openapi
