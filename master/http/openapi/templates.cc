// The calls under /api/v1/templates.
#include "master/http/template/templates.h"

#include <array>

#include "common/limits.h"
#include "master/http/openapi/operations.h"
#include "master/http/openapi/shapes.h"
#include "master/http/template/values.h"

namespace drover::http::openapi {
namespace {

using schema::Member;
using enum Presence;

constexpr auto kVersion = schema::whole<1, limits::kMostVersion>;

constexpr std::array kSummaryMembers = std::to_array<Member>({
    {"name", required, schema::name, "What it is called"},
    {"version", required, kVersion, "The newest"},
    {"kind", required, schema::word<kKinds>, "What its instances are for"},
    {"labels", required, schema::map<schema::text>, "Its own, names and values"},
    {"cron", optional, schema::text, "When it is deployed by itself"},
});
constexpr schema::Component kSummaryShape{"TemplateSummary", "A template in a list.",
                                          schema::object<kSummaryMembers>};

constexpr std::array kListMembers = std::to_array<Member>({
    {"templates", required, schema::list<schema::ref<kSummaryShape>>, "By their names"},
    {"cursor", optional, schema::text, "There is more: `cursor` of the next page"},
});
constexpr schema::Component kListShape{"TemplateList", "A page of templates.",
                                       schema::object<kListMembers>};

constexpr std::array kWholeMembers = std::to_array<Member>({
    {"name", required, schema::name, "What it is called"},
    {"version", required, kVersion, "The one that is shown"},
    {"versions", required, schema::list<kVersion>, "Those that are kept, the oldest first"},
    {"template", required, schema::ref<kTemplateSchema>, "As it was given"},
});
constexpr schema::Component kWholeShape{"StoredTemplate", "A template in one of its versions.",
                                        schema::object<kWholeMembers>};

constexpr std::array kPutMembers = std::to_array<Member>({
    {"name", required, schema::name, "What it is called"},
    {"version", optional, kVersion, "That it has now; absent with `dry_run`"},
});
constexpr schema::Component kPutShape{"TemplateVersion", "A template that was put.",
                                      schema::object<kPutMembers>};

constexpr std::string_view kTag = "Templates";

QueryParameter in_path() { return {"name", schema::name, "report", "the template's"}; }

// Everything that a template of a service says most often.
constexpr std::string_view kServiceExample = R"({
  "name": "web", "kind": "service", "labels": {"team": "data"},
  "parameters": {"mode": {"default": "fast", "description": "how it works"}},
  "task_groups": [{
    "name": "web", "count": 1,
    "update": {"max_parallel": 1, "min_healthy_time": "1s"},
    "tasks": [{
      "name": "server",
      "config": {"command": "sh", "args": ["-c", "echo serving ${mode}; exec sleep 600"],
                 "env": {"MODE": "${mode}"}, "stop_grace": "2s"},
      "restart": {"policy": "on_failure", "attempts": 5, "delay": "2s"},
      "resources": {"cpu": 0.1, "memory": "64MiB"},
      "logs": {"size": "1MiB", "files": 2}}]}]})";

}  // namespace

Operation list_templates() {
  return {
      .id = "listTemplates",
      .tag = kTag,
      .description = "All templates, by their names, in pages.",
      .success = {"A page of them.",
                  {json_content(schema::ref<kListShape>,
                                R"({"templates": [{"name": "report", "version": 3, "kind": "batch",
                                    "labels": {"team": "data"}, "cron": "30 2 * * mon-fri"}],
                                    "cursor": "report"})")}},
  };
}

Operation put_template() {
  return {
      .id = "putTemplate",
      .tag = kTag,
      .effect = Effect::changes,
      .description =
          "Creates a template, or another version of one. With the content of the newest version: "
          "nothing changes. Instances go on as they are until they are updated.",
      .headers = {{"If-None-Match", schema::text, "*",
                   "`*`: it is taken only where there is no template of this name"},
                  {"If-Match", schema::text, "\"1\"",
                   "it is taken only where this is the newest version, in quotes"}},
      .body = Body{.schema = schema::ref<kTemplateSchema>,
                   .examples = {{"service", "A service with a parameter", kServiceExample},
                                {"batch", "A job that is deployed every night",
                                 R"({"name": "nightly", "schedule": {"cron": "30 2 * * mon-fri",
                                      "time_zone": "Europe/Berlin"}, "task_groups": [{"tasks": [
                                      {"name": "clean", "config": {"command": "true"}}]}]})"}}},
      .success = {"The version that it has now.",
                  {json_content(schema::ref<kPutShape>, R"({"name": "web", "version": 1})")}},
      .errors = {Code::precondition_failed},
  };
}

Operation get_template() {
  return {
      .id = "getTemplate",
      .tag = kTag,
      .description =
          "A template as it was given, and which versions of it there are. The tag of "
          "the newest version is its number, in quotes.",
      .path_parameter = in_path(),
      .success = {"The template.",
                  {json_content(schema::ref<kWholeShape>,
                                R"({"name": "report", "version": 3, "versions": [1, 2, 3],
                                    "template": {"name": "report", "task_groups": [{"tasks": [
                                      {"name": "clean", "config": {"command": "true"}}]}]}})")}},
      .errors = {Code::unknown_template, Code::unknown_version},
  };
}

Operation remove_template() {
  return {
      .id = "removeTemplate",
      .tag = kTag,
      .effect = Effect::changes,
      .description =
          "Removes a template; what runs of it goes on. One that is made anew goes on "
          "with the numbers of its versions.",
      .path_parameter = in_path(),
      .success = plain_success("No instance is made of it any more."),
      .errors = {Code::unknown_template, Code::template_in_use},
  };
}

}  // namespace drover::http::openapi
