// The calls under /api/task: templates, instances and nodes in their shortest form.
#include <array>

#include "master/http/api/bodies.h"
#include "master/http/openapi/operations.h"
#include "master/http/openapi/shapes.h"
#include "master/http/template/templates.h"

namespace drover::http::openapi {
namespace {

using schema::Member;
using enum Presence;

constexpr std::array kStatusMembers = std::to_array<Member>({
    {"id", required, schema::uuid, "The instance's"},
    {"status", required, schema::whole<0, 1>,
     "0: starting, running, or partly finished with success. 1: anything else"},
});
constexpr schema::Component kStatusShape{"InstanceStatus", "How an instance is, in one number.",
                                         schema::object<kStatusMembers>};

constexpr std::array kNodeMembers = std::to_array<Member>({
    {"ip", required, schema::text, "The address that its agent advertises"},
    {"status", required, schema::whole<0, 1>, "0: online. 1: offline"},
    {"resources", required, schema::text,
     "`cpu_usage_percent:50,memory_usage_percent:30`: whole percent from 0 to 100; 0 while it is "
     "offline"},
});
constexpr schema::Component kNodeShape{"NodeUsage", "A node and its load.",
                                       schema::object<kNodeMembers>};

constexpr std::array kNodesMembers = std::to_array<Member>({
    {"nodes", required, schema::list<schema::ref<kNodeShape>>, "All, online or not"},
});
constexpr schema::Component kNodesShape{"NodeUsages", "All nodes and their load.",
                                        schema::object<kNodesMembers>};

constexpr std::string_view kTag = "Tasks";
constexpr std::string_view kIdExample = R"({"id": "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10"})";

}  // namespace

Operation create_template() {
  return {
      .id = "createTemplate",
      .tag = kTag,
      .effect = Effect::changes,
      .description = "Creates a template. Again with the same content: nothing changes.",
      .body = Body{.schema = schema::ref<kTemplateSchema>,
                   .examples = {{"small", "Two tasks that run side by side",
                                 R"({"name": "report", "task_groups": [{"tasks": [
                          {"name": "clean", "config": {"command": "sleep 600"}},
                          {"name": "analyse", "config": {"command": "sleep 600"}}]}]})"},
                                {"unicode", "Names are any text",
                                 R"({"name": "我的数据处理任务", "task_groups": [{"tasks": [
                          {"name": "数据清洗器", "config": {"command": "true"}}]}]})"}}},
      .success = plain_success("It is there."),
      .errors = {Code::template_exists},
  };
}

Operation query_template() {
  return {
      .id = "queryTemplate",
      .tag = kTag,
      .description = "Shows a template as it was given, without insignificant white space.",
      .body = Body{.schema = schema::ref<kNameBodySchema>,
                   .examples = {{"name", "By its name", R"({"name": "report"})"}}},
      .success = {"The template.",
                  {json_content(schema::ref<kTemplateSchema>,
                                R"({"name": "report", "task_groups": [{"tasks": [
                                     {"name": "clean", "config": {"command": "sleep 600"}}]}]})")}},
      .errors = {Code::unknown_template},
  };
}

Operation deploy() {
  return {
      .id = "deployTemplate",
      .tag = kTag,
      .effect = Effect::changes,
      .description =
          "Makes an instance of a template. It is answered when the instance is on disk, "
          "and placed or waiting for a node.",
      .headers = {request_key_header("nightly-report-2026-11-25")},
      .body = Body{.schema = schema::ref<kNameBodySchema>,
                   .examples = {{"name", "The newest version", R"({"name": "report"})"}}},
      .success = id_success("The new instance."),
      .errors = {Code::unknown_template, Code::idempotency_key_reused},
  };
}

Operation query_instance() {
  return {
      .id = "queryInstance",
      .tag = kTag,
      .description = "How an instance is. `GET /api/v1/instances/{id}` says why.",
      .body =
          Body{.schema = schema::ref<kIdBodySchema>, .examples = {{"id", "By its id", kIdExample}}},
      .success = {"Its status.",
                  {json_content(schema::ref<kStatusShape>,
                                R"({"id": "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10", "status": 0})")}},
      .errors = {Code::invalid_id, Code::unknown_instance, Code::record_damaged,
                 Code::store_failed},
  };
}

Operation stop_instance() {
  return {
      .id = "stopInstance",
      .tag = kTag,
      .effect = Effect::changes,
      .description =
          "Stops an instance, for good: SIGTERM to all that it started, a grace, SIGKILL. "
          "Again: nothing more happens.",
      .body =
          Body{.schema = schema::ref<kIdBodySchema>, .examples = {{"id", "By its id", kIdExample}}},
      .success = id_success("The wish is on disk, and nothing of it is started any more."),
      .errors = {Code::invalid_id, Code::unknown_instance, Code::record_damaged,
                 Code::stop_not_recorded},
  };
}

Operation list_nodes() {
  return {
      .id = "listNodeUsage",
      .tag = kTag,
      .description = "All nodes and their load.",
      .success = {"All nodes.",
                  {json_content(schema::ref<kNodesShape>,
                                R"({"nodes": [{"ip": "192.168.1.100", "status": 0,
                          "resources": "cpu_usage_percent:50,memory_usage_percent:30"}]})")}},
  };
}

}  // namespace drover::http::openapi
