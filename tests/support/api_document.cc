#include "tests/support/api_document.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <sstream>
#include <stdexcept>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace drover::test {
namespace {

namespace json = boost::json;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kLines = "application/x-ndjson";

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

std::string text_of(valijson::ValidationResults& results) {
  std::string text;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    for (const std::string& part : error.context) text += part;
    text += ": " + error.description + "\n";
  }
  return text.empty() ? "does not fit\n" : text;
}

const json::object* find_object(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found == nullptr ? nullptr : found->if_object();
}

}  // namespace

void for_each_object(const json::value& value,
                     const std::function<void(const json::object&)>& visit) {
  if (const json::array* elements = value.if_array()) {
    for (const json::value& each : *elements) for_each_object(each, visit);
  }
  if (const json::object* members = value.if_object()) {
    visit(*members);
    for (const auto& member : *members) for_each_object(member.value(), visit);
  }
}

ApiDocument::ApiDocument(const std::string& text) : root_(json::parse(text).as_object()) {
  for (const auto& path : root_.at("paths").as_object()) {
    for (const auto& method : path.value().as_object()) {
      const json::object& operation = method.value().as_object();
      operations_.push_back({std::string(operation.at("operationId").as_string()),
                             upper(method.key()), std::string(path.key()), &operation});
    }
  }
}

const ApiDocument::Operation& ApiDocument::operation(std::string_view id) const {
  const auto found = std::find_if(operations_.begin(), operations_.end(),
                                  [id](const Operation& each) { return each.id == id; });
  if (found == operations_.end()) throw std::out_of_range("no operation " + std::string(id));
  return *found;
}

const json::object& ApiDocument::resolve(const json::object& object) const {
  const json::value* reference = object.if_contains("$ref");
  if (reference == nullptr) return object;
  std::istringstream parts(std::string(reference->as_string()).substr(2));
  const json::object* at = &root_;
  for (std::string part; std::getline(parts, part, '/');) at = &at->at(part).as_object();
  return *at;
}

struct ApiDocument::Compiled {
  valijson::Schema schema;
};

ApiDocument::~ApiDocument() = default;

const ApiDocument::Compiled& ApiDocument::compiled(const json::object& schema) const {
  auto& kept = compiled_[json::serialize(schema)];
  if (kept == nullptr) {
    // References are looked up in the text that the schema is part of.
    const json::value whole{{"allOf", json::array{schema}}, {"components", root_.at("components")}};
    kept = std::make_unique<Compiled>();
    valijson::SchemaParser().populateSchema(valijson::adapters::BoostJsonAdapter(whole),
                                            kept->schema);
  }
  return *kept;
}

std::string ApiDocument::misfit(const json::object& schema, const json::value& value) const {
  valijson::ValidationResults results;
  const bool fits = valijson::Validator().validate(
      compiled(schema).schema, valijson::adapters::BoostJsonAdapter(value), &results);
  return fits ? "" : text_of(results);
}

std::string ApiDocument::misfit(const std::string& component, const json::value& value) const {
  return misfit(json::object{{"$ref", "#/components/schemas/" + component}}, value);
}

const json::object* ApiDocument::response_of(const Operation& operation, int status) const {
  const json::object& responses = operation.json->at("responses").as_object();
  const std::string exact = std::to_string(status);
  if (const json::object* found = find_object(responses, exact)) return &resolve(*found);
  if (const json::object* found = find_object(responses, exact.substr(0, 1) + "XX")) {
    return &resolve(*found);
  }
  return nullptr;
}

// The code is one of those that the document lists there.
std::string ApiDocument::error_misfit(const json::object& content, const std::string& body) const {
  const std::string code(json::parse(body).at("code").as_string());
  const json::object& listed = content.at("examples").as_object();
  return listed.contains(code) ? "" : "the code " + code + " is not listed for this status\n";
}

std::string ApiDocument::content_misfit(const json::object& content,
                                        const std::string& content_type,
                                        const std::string& body) const {
  const json::object& schema = content.at("schema").as_object();
  if (content_type == kJson) return misfit(schema, json::parse(body));
  if (content_type != kLines) return "";
  const json::object& of_line = schema.at("contentSchema").at("items").as_object();
  std::istringstream lines(body);
  std::string wrong;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    const std::string found = misfit(of_line, json::parse(line));
    if (!found.empty()) wrong += line + "\n" + found;
  }
  return wrong;
}

std::string ApiDocument::misfit(const Operation& operation, int status,
                                const std::string& content_type, const std::string& body) const {
  const std::string where = operation.id + " " + std::to_string(status) + ": ";
  const json::object* response = response_of(operation, status);
  if (response == nullptr) return where + "no such status in the document\n";
  const json::object* contents = find_object(*response, "content");
  if (contents == nullptr) return body.empty() ? "" : where + "a body that is none\n";
  const std::string type = content_type.substr(0, content_type.find(';'));
  const json::object* content = find_object(*contents, type);
  if (content == nullptr) return where + "no such Content-Type in the document: " + type + "\n";
  std::string wrong = content_misfit(*content, type, body);
  if (wrong.empty() && status >= 400) wrong = error_misfit(*content, body);
  return wrong.empty() ? "" : where + wrong + body + "\n";
}

}  // namespace drover::test
