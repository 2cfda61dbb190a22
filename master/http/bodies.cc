#include "master/http/bodies.h"

#include <array>

#include "master/http/json_reader.h"
#include "master/http/json_text.h"
#include "master/http/template/schema.h"

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

MaybeProblem read_id_body(std::string_view body, InstanceId& out) {
  return read_body<InstanceId>(body, kIdBody, out);
}

}  // namespace drover::http
