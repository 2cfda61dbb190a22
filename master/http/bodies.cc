#include "master/http/bodies.h"

#include <array>

#include "common/limits.h"
#include "master/http/json_reader.h"
#include "master/http/json_text.h"
#include "master/http/template/schema.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;

namespace {

MaybeProblem read_id(const json::value& value, const Place& place, InstanceId& out) {
  constexpr std::size_t kLongestId = 255;
  std::string text;
  if (auto problem = read_string(value, place, kLongestId, text)) return problem;
  const auto parsed = InstanceId::parse(text);
  if (!parsed) {
    return problem_at(place, Code::invalid_id,
                      excerpt(text) + " is no UUID; use the id that deploy answered with");
  }
  out = *parsed;
  return std::nullopt;
}

constexpr std::array kNameBody = std::to_array<Field<std::string>>(
    {{"name", Presence::required, read_name, R"("nightly-report")", "the template's"}});
constexpr std::array kIdBody = std::to_array<Field<InstanceId>>(
    {{"id", Presence::required, read_id, R"("0192f3a0-7b1c-7def-8123-456789abcdef")",
      "the instance's"}});

MaybeProblem read_template_of(const json::value& value, const Place& place, DeployBody& out) {
  return read_name(value, place, out.template_name);
}

MaybeProblem read_values(const json::value& value, const Place& place, DeployBody& out) {
  return read_strings(value, place, {limits::kParameters, "entries", check_variable},
                      limits::kParameterBytes, out.parameters);
}

constexpr std::array kDeployBody = std::to_array<Field<DeployBody>>(
    {{"template", Presence::required, read_template_of, R"("nightly-report")", "what to deploy"},
     {"parameters", Presence::optional, read_values, R"({"size": "20"})",
      "values for what the template declares"}});

template <class Target>
MaybeProblem read_body(std::string_view body, Fields<Target> fields, Target& out) {
  JsonDocument document;
  if (auto problem = document.parse(body)) return problem;
  return read_fields(document.root(), Place(), fields, out);
}

}  // namespace

MaybeProblem read_name_body(std::string_view body, std::string& out) {
  return read_body<std::string>(body, kNameBody, out);
}

MaybeProblem read_deploy_body(std::string_view body, DeployBody& out) {
  return read_body<DeployBody>(body, kDeployBody, out);
}

MaybeProblem read_id_body(std::string_view body, InstanceId& out) {
  return read_body<InstanceId>(body, kIdBody, out);
}

}  // namespace drover::http
