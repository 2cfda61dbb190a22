#include "master/http/api/bodies.h"

#include <array>

#include "common/limits.h"
#include "master/http/api/read_body.h"
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

constexpr std::array kNameBody =
    std::to_array<Field<std::string>>({{"name", Presence::required, read_name, schema::name,
                                        R"("nightly-report")", "the template's"}});
constexpr std::array kIdBody = std::to_array<Field<InstanceId>>(
    {{"id", Presence::required, read_id, schema::uuid, R"("0192f3a0-7b1c-7def-8123-456789abcdef")",
      "the instance's"}});

MaybeProblem read_template_of(const json::value& value, const Place& place, DeployBody& out) {
  return read_name(value, place, out.template_name);
}

MaybeProblem read_values(const json::value& value, const Place& place, DeployBody& out) {
  return read_strings(value, place, {limits::kParameters, "entries", check_variable},
                      limits::kParameterBytes, out.parameters);
}

constexpr std::array kDeployBody = std::to_array<Field<DeployBody>>(
    {{"template", Presence::required, read_template_of, schema::name, R"("nightly-report")",
      "what to deploy"},
     {"parameters", Presence::optional, read_values, schema::map<schema::text>, R"({"size": "20"})",
      "values for what the template declares"}});

MaybeProblem read_version(const json::value& value, const Place& place,
                          std::optional<std::uint32_t>& out) {
  return read_number(value, place, 1, limits::kMostVersion, out.emplace());
}

MaybeProblem read_group(const json::value& value, const Place& place, ScaleBody& out) {
  return read_name(value, place, out.group);
}

MaybeProblem read_count(const json::value& value, const Place& place, ScaleBody& out) {
  return read_number(value, place, 0, limits::kSlotsPerInstance, out.count);
}

MaybeProblem read_deadline(const json::value& value, const Place& place,
                           std::chrono::milliseconds& out) {
  return read_duration(value, place, limits::kLongestDrain, out);
}

constexpr std::array kUpdateBody = std::to_array<Field<std::optional<std::uint32_t>>>(
    {{"version", Presence::optional, read_version, schema::whole<1, limits::kMostVersion>, "3",
      "of the template; the newest without"}});
constexpr std::array kScaleBody = std::to_array<Field<ScaleBody>>(
    {{"group", Presence::required, read_group, schema::name, R"("web")",
      "the group's name, or its position from 0 where it has none"},
     {"count", Presence::required, read_count, schema::whole<0, limits::kSlotsPerInstance>, "3",
      "how many copies are wanted"}});
constexpr std::array kDrainBody = std::to_array<Field<std::chrono::milliseconds>>(
    {{"deadline", Presence::optional, read_deadline, schema::duration, R"("30m")",
      "until when what is no service may go on"}});

Fields<std::string> name_fields() { return kNameBody; }
Fields<InstanceId> id_fields() { return kIdBody; }
Fields<DeployBody> deploy_fields() { return kDeployBody; }
Fields<std::optional<std::uint32_t>> update_fields() { return kUpdateBody; }
Fields<ScaleBody> scale_fields() { return kScaleBody; }
Fields<std::chrono::milliseconds> drain_fields() { return kDrainBody; }

}  // namespace

constexpr schema::Component kNameBodySchema{"TemplateName", "Names a template.",
                                            object_of<name_fields>};
constexpr schema::Component kIdBodySchema{"InstanceReference", "Names an instance.",
                                          object_of<id_fields>};
constexpr schema::Component kDeployBodySchema{"Deployment", "What to deploy.",
                                              object_of<deploy_fields>};
constexpr schema::Component kUpdateBodySchema{"VersionChange", "Which version a service gets.",
                                              object_of<update_fields>};
constexpr schema::Component kScaleBodySchema{"Scaling", "How many copies a group has.",
                                             object_of<scale_fields>};
constexpr schema::Component kDrainBodySchema{"Draining", "How a node is drained.",
                                             object_of<drain_fields>};

MaybeProblem read_name_body(std::string_view body, std::string& out) {
  return read_body<std::string>(body, kNameBody, out);
}

MaybeProblem read_deploy_body(std::string_view body, DeployBody& out) {
  return read_body<DeployBody>(body, kDeployBody, out);
}

MaybeProblem read_update_body(std::string_view body, std::optional<std::uint32_t>& version) {
  if (body.empty()) return std::nullopt;
  return read_body<std::optional<std::uint32_t>>(body, kUpdateBody, version);
}

MaybeProblem read_scale_body(std::string_view body, ScaleBody& out) {
  return read_body<ScaleBody>(body, kScaleBody, out);
}

MaybeProblem read_drain_body(std::string_view body, std::chrono::milliseconds& deadline) {
  if (body.empty()) return std::nullopt;
  return read_body<std::chrono::milliseconds>(body, kDrainBody, deadline);
}

MaybeProblem read_id_body(std::string_view body, InstanceId& out) {
  return read_body<InstanceId>(body, kIdBody, out);
}

}  // namespace drover::http
