#include "master/http/openapi/schema.h"

#include <string>
#include <utility>

#include "common/check.h"
#include "common/limits.h"

namespace drover::http::schema {

namespace json = boost::json;

json::object Components::refer(const Component& component) {
  const auto [known, is_new] = made_.try_emplace(component.name, Made{&component, {}});
  DROVER_CHECK(known->second.component == &component, "a component's name is its own");
  // It may refer to itself, and is known by then.
  if (is_new) {
    known->second.schema = described(component.schema(*this), component.meaning);
  }
  return {{"$ref", "#/components/schemas/" + std::string(component.name)}};
}

json::object Components::take() {
  json::object all;
  for (auto& [name, made] : made_) all[name] = std::move(made.schema);
  made_.clear();
  return all;
}

json::object text(Components&) { return {{"type", "string"}}; }

json::object name(Components&) { return text_from(1, limits::kNameBytes); }

json::object flag(Components&) { return {{"type", "boolean"}}; }

json::object uuid(Components&) { return {{"type", "string"}, {"format", "uuid"}}; }

json::object time(Components&) { return {{"type", "string"}, {"format", "date-time"}}; }

json::object duration(Components&) {
  return {{"type", "string"}, {"pattern", "^[0-9]{1,10}(ms|s|m|h)$"}};
}

json::object size(Components&) {
  return {{"type", "string"}, {"pattern", "^[0-9]+([KMGT]iB|[KMGT]B|B)$"}};
}

json::object number(Components&) { return {{"type", "number"}, {"minimum", 0}}; }

json::object count(Components&) {
  return {{"type", "integer"}, {"format", "int64"}, {"minimum", 0}};
}

json::object whole_from(std::int64_t least, std::int64_t most) {
  return {{"type", "integer"}, {"format", "int64"}, {"minimum", least}, {"maximum", most}};
}

json::object text_from(std::size_t least, std::size_t most) {
  return {{"type", "string"}, {"minLength", least}, {"maxLength", most}};
}

json::object list_from(json::object element, std::size_t least, std::size_t most) {
  json::object out{{"type", "array"}, {"items", std::move(element)}};
  if (least > 0) out["minItems"] = least;
  if (most > 0) out["maxItems"] = most;
  return out;
}

json::object map_of(json::object member) {
  return {{"type", "object"}, {"additionalProperties", std::move(member)}};
}

json::object words_of(std::span<const std::string_view> words) {
  return {{"type", "string"}, {"enum", json::array(words.begin(), words.end())}};
}

json::object described(json::object schema, std::string_view meaning) {
  schema["description"] = meaning;
  return schema;
}

void ObjectMaker::add(std::span<const Member> members) {
  for (const Member& each : members) {
    add(each.name, each.presence, described(each.schema(components_), each.meaning));
  }
}

void ObjectMaker::add(std::string_view member, Presence presence, json::object schema) {
  DROVER_CHECK(!properties_.contains(member), "an object has no two members of one name");
  properties_[member] = std::move(schema);
  if (presence == Presence::required) required_.emplace_back(member);
}

json::object ObjectMaker::take() {
  json::object out{{"type", "object"}};
  if (!required_.empty()) out["required"] = std::move(required_);
  out["properties"] = std::move(properties_);
  out["additionalProperties"] = false;
  return out;
}

}  // namespace drover::http::schema
