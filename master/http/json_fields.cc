#include "master/http/json_fields.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include "common/limits.h"
#include "master/http/json_text.h"
#include "master/http/nearest.h"

namespace drover::http {
namespace json = boost::json;

namespace {

std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Problem problem_at(const Place& place, Code code, const std::string& what) {
  const std::string pointer = place.pointer();
  return Problem{code, (pointer.empty() ? "at the top of the body" : "at " + pointer) + ": " + what,
                 ""};
}

std::string_view kind_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
  }
  return "something else";
}

Problem wrong_type(const json::value& value, const Place& place, std::string_view expected) {
  return problem_at(
      place, Code::wrong_type,
      "expected " + std::string(expected) + ", found " + std::string(kind_name(value)));
}

MaybeProblem read_object(const json::value& value, const Place& place,
                         std::span<const std::string_view> known, const json::object*& out) {
  out = value.if_object();
  if (out == nullptr) return wrong_type(value, place, "an object");
  for (const json::key_value_pair& field : *out) {
    const std::string_view name = view(field.key());
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const Place field_place(place, name);
    return problem_at(field_place, Code::unknown_field,
                      "no such field; " + suggestion(name, known));
  }
  return std::nullopt;
}

MaybeProblem read_array(const json::value& value, const Place& place, std::size_t most,
                        Emptiness emptiness, const json::array*& out) {
  out = value.if_array();
  if (out == nullptr) return wrong_type(value, place, "an array");
  if (out->empty() && emptiness == Emptiness::refused) {
    return problem_at(place, Code::invalid_value, "is empty; give at least one element");
  }
  if (out->size() > most) {
    return problem_at(place, Code::invalid_value,
                      std::to_string(out->size()) + " elements; at most " + std::to_string(most) +
                          " are allowed");
  }
  return std::nullopt;
}

MaybeProblem require(const json::object& object, const Place& place, std::string_view name,
                     const json::value*& out) {
  out = object.if_contains(json::string_view(name.data(), name.size()));
  if (out != nullptr) return std::nullopt;
  const Place missing(place, name);
  return problem_at(missing, Code::missing_field, "is missing; add it");
}

MaybeProblem read_string(const json::value& value, const Place& place, std::size_t most,
                         std::string& out) {
  const json::string* text = value.if_string();
  if (text == nullptr) return wrong_type(value, place, "a string");
  if (text->size() > most) {
    return problem_at(place, Code::invalid_value,
                      std::to_string(text->size()) + " bytes long; at most " +
                          std::to_string(most) + " are allowed");
  }
  out.assign(text->data(), text->size());
  if (out.find('\0') != std::string::npos) {
    return problem_at(place, Code::invalid_value, "contains a NUL character; remove it");
  }
  return std::nullopt;
}

MaybeProblem read_text(const json::value& value, const Place& place, std::size_t most,
                       std::string& out) {
  if (auto problem = read_string(value, place, most, out)) return problem;
  if (!out.empty()) return std::nullopt;
  return problem_at(place, Code::invalid_value, "is empty; give it a value");
}

MaybeProblem read_name(const json::value& value, const Place& place, std::string& out) {
  if (auto problem = read_text(value, place, limits::kNameBytes, out)) return problem;
  if (!has_control_character(out)) return std::nullopt;
  return problem_at(place, Code::invalid_value, "contains a control character; remove it");
}

}  // namespace drover::http
