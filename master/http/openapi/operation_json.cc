#include <algorithm>
#include <boost/json/parse.hpp>
#include <map>
#include <string>
#include <utility>

#include "master/http/openapi/document.h"
#include "master/http/openapi/shapes.h"

namespace drover::http::openapi {
namespace {

namespace json = boost::json;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kLines = "application/x-ndjson";

bool is_stream(const Operation& operation) {
  return std::any_of(operation.success.contents.begin(), operation.success.contents.end(),
                     [](const Content& content) { return content.type == kLines; });
}

// Such an answer has a tag, and need not be sent again.
bool may_be_unchanged(const Route& route, const Operation& operation) {
  return route.method == Method::get && !is_stream(operation);
}

json::value example_of(const QueryParameter& parameter, const json::object& schema) {
  if (schema.contains("type") && schema.at("type") != "string") {
    return json::parse(parameter.example);
  }
  return json::string(parameter.example);
}

json::object parameter_json(const QueryParameter& parameter, std::string_view in,
                            schema::Components& components) {
  json::object schema = parameter.schema(components);
  json::object out{{"name", parameter.name}, {"in", in}};
  if (in == "path") out["required"] = true;
  out["description"] = parameter.text;
  out["example"] = example_of(parameter, schema);
  out["schema"] = std::move(schema);
  return out;
}

json::array parameters_json(const Route& route, const Operation& operation,
                            schema::Components& components) {
  json::array out;
  if (operation.path_parameter) {
    out.push_back(parameter_json(*operation.path_parameter, "path", components));
  }
  for (const QueryParameter& each : route.parameters) {
    out.push_back(parameter_json(each, "query", components));
  }
  for (const QueryParameter& each : operation.headers) {
    out.push_back(parameter_json(each, "header", components));
  }
  if (may_be_unchanged(route, operation)) {
    const QueryParameter tag{"If-None-Match", schema::text, "\"1\"",
                             "the `ETag` of an earlier answer: 304 where nothing has changed"};
    out.push_back(parameter_json(tag, "header", components));
  }
  return out;
}

json::object body_json(const Body& body, schema::Components& components) {
  json::object examples;
  for (const Example& each : body.examples) {
    examples[each.name] = {{"summary", each.summary}, {"value", json::parse(each.value)}};
  }
  json::object content{{"schema", body.schema(components)}, {"examples", std::move(examples)}};
  return {{"required", body.presence == Presence::required},
          {"content", {{kJson, std::move(content)}}}};
}

json::object content_json(const Content& content, schema::Components& components) {
  json::object schema = content.schema(components);
  if (content.type == kJson) {
    return {{"schema", std::move(schema)}, {"example", json::parse(content.example)}};
  }
  json::object as_text = schema::text(components);
  if (content.type == kLines) {
    as_text["contentMediaType"] = kLines;
    as_text["contentSchema"] = schema::list_from(std::move(schema), 0, 0);
  }
  return {{"schema", std::move(as_text)}, {"example", content.example}};
}

json::object header_json(std::string_view meaning, json::object schema) {
  return {{"description", meaning}, {"schema", std::move(schema)}};
}

json::object success_json(const Route& route, const Operation& operation,
                          schema::Components& components) {
  json::object contents;
  for (const Content& each : operation.success.contents) {
    contents[each.type] = content_json(each, components);
  }
  json::object out{{"description", operation.success.meaning}};
  if (may_be_unchanged(route, operation)) {
    out["headers"] = {{"ETag", header_json("For If-None-Match", schema::text(components))}};
  }
  out["content"] = std::move(contents);
  return out;
}

// What can be wrong with everything of the same form, and what is this call's own.
std::map<int, std::vector<Code>> errors_of(const Route& route, const Operation& operation) {
  std::vector<Code> codes;
  const auto add = [&codes](const std::vector<Code>& more) {
    for (const Code code : more) {
      if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
    }
  };
  if (route.query == Query::refused) add({Code::unexpected_query});
  if (operation.body) {
    add({Code::empty_body, Code::malformed_json, Code::duplicate_field, Code::unknown_field,
         Code::missing_field, Code::wrong_type, Code::invalid_value});
  }
  add(operation.errors);
  if (operation.effect == Effect::changes) {
    add({Code::overloaded, Code::store_failed, Code::read_only});
  }
  std::map<int, std::vector<Code>> by_status;
  for (const Code code : codes) by_status[info(code).status].push_back(code);
  return by_status;
}

json::object responses_json(const Route& route, const Operation& operation,
                            schema::Components& components) {
  json::object out;
  out["200"] = success_json(route, operation, components);
  if (may_be_unchanged(route, operation)) {
    out["304"] = {{"description", "Nothing has changed."}};
  }
  for (const auto& [status, codes] : errors_of(route, operation)) {
    out[std::to_string(status)] = error_response(codes, components);
  }
  out["4XX"] = {{"$ref", "#/components/responses/Refused"}};
  out["5XX"] = {{"$ref", "#/components/responses/Failed"}};
  return out;
}

}  // namespace

json::object error_response(const std::vector<Code>& codes, schema::Components& components) {
  std::string meaning = "Refused, and nothing was done:\n";
  json::object examples;
  bool may_wait = false;
  for (const Code code : codes) {
    const CodeInfo& each = info(code);
    meaning.append("\n- `").append(each.word).append("`: ").append(each.meaning);
    examples[each.word] = {
        {"value", {{"status", "error"}, {"code", each.word}, {"message", each.meaning}}}};
    may_wait = may_wait || to_response({code, "", ""}).retry_after;
  }
  json::object out{{"description", meaning}};
  if (may_wait) {
    out["headers"] = {{"Retry-After", header_json("Seconds until it is worth another try",
                                                  schema::count(components))}};
  }
  out["content"] = {
      {kJson, {{"schema", components.refer(kErrorShape)}, {"examples", std::move(examples)}}}};
  return out;
}

json::object operation_json(const Route& route, schema::Components& components) {
  const Operation operation = route.operation();
  json::object out;
  out["operationId"] = operation.id;
  out["tags"] = json::array{operation.tag};
  out["summary"] = route.summary;
  out["description"] = operation.description;
  json::array parameters = parameters_json(route, operation, components);
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  if (operation.body) out["requestBody"] = body_json(*operation.body, components);
  out["responses"] = responses_json(route, operation, components);
  return out;
}

}  // namespace drover::http::openapi
