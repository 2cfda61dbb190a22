#include "master/http/openapi/shapes.h"

#include <array>

#include "common/limits.h"
#include "master/http/query_parameters.h"

namespace drover::http::openapi {
namespace {

using schema::Member;
using enum Presence;

boost::json::object code(schema::Components&) {
  boost::json::array words;
  for (const CodeInfo& each : all_codes()) words.emplace_back(each.word);
  return {{"type", "string"}, {"enum", words}};
}

constexpr std::array<std::string_view, 1> kError = {"error"};
constexpr std::array<std::string_view, 1> kSuccess = {"success"};
constexpr std::array<std::string_view, 1> kOk = {"ok"};

constexpr std::array kErrorMembers = std::to_array<Member>({
    {"status", required, schema::word<kError>, "Always the same"},
    {"code", required, code, "What is wrong, for programs: its meaning never changes"},
    {"message", required, schema::text,
     "What is wrong, where, and what to do, for people. For a body it begins with the place as a "
     "JSON pointer: `at /task_groups/0/tasks/1/config/command: ...`"},
});
constexpr std::array kIdMembers = std::to_array<Member>({
    {"id", required, schema::uuid, "The instance's"},
});
constexpr std::array kSuccessMembers = std::to_array<Member>({
    {"status", required, schema::word<kSuccess>, "Always the same"},
});
constexpr std::array kOkMembers = std::to_array<Member>({
    {"status", required, schema::word<kOk>, "Always the same"},
});

}  // namespace

constexpr schema::Component kErrorShape{"Error", "What is answered where a call did not succeed.",
                                        schema::object<kErrorMembers>};
constexpr schema::Component kIdShape{"InstanceId", "An instance by its id.",
                                     schema::object<kIdMembers>};
constexpr schema::Component kSuccessShape{"Success", "It is done, and on disk.",
                                          schema::object<kSuccessMembers>};
constexpr schema::Component kOkShape{"Ok", "All is well.", schema::object<kOkMembers>};

Content json_content(schema::Schema schema, std::string_view example) {
  return {"application/json", schema, example};
}

Success plain_success(std::string_view meaning) {
  return {meaning, {json_content(schema::ref<kSuccessShape>, R"({"status": "success"})")}};
}

Success id_success(std::string_view meaning) {
  return {
      meaning,
      {json_content(schema::ref<kIdShape>, R"({"id": "01930b7e-5a3c-7b60-9c44-4a1c9d2f8e10"})")}};
}

QueryParameter request_key_header(std::string_view example) {
  return {"Idempotency-Key", schema::text_of<1, limits::kRequestKeyBytes>, example,
          "sent again with the same key within a day, the same request makes nothing new and gets "
          "the same answer"};
}

QueryParameter instance_in_path() {
  return {"id", schema::uuid, kInstanceExample, "the instance's, as its deployment answered it"};
}

}  // namespace drover::http::openapi
