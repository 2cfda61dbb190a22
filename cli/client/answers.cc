#include "cli/client/answers.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <utility>

namespace drover::cli {
namespace {

namespace json = boost::json;

// A template nests up to 32 levels, and stands within an answer.
constexpr std::size_t kDeepest = 64;

json::value parsed(const std::string& text) {
  json::parse_options options;
  options.max_depth = kDeepest;
  json::error_code error;
  json::value value = json::parse(text, error, {}, options);
  return error ? json::value() : value;
}

ErrorKind kind_of(unsigned status) {
  if (status == 404) return ErrorKind::not_found;
  if (status == 409 || status == 412) return ErrorKind::conflict;
  if (status == 429 || status >= 500) return ErrorKind::unavailable;
  return ErrorKind::invalid;
}

}  // namespace

Error error_of(const HttpAnswer& answer) {
  const json::value value = parsed(answer.body);
  std::string message = value.is_object() ? text_of(value.get_object(), "message") : "";
  if (message.empty()) {
    message = "the server answered with HTTP " + std::to_string(answer.status) +
              ", which no drover-master does; is --server right?";
  }
  return {kind_of(answer.status), std::move(message)};
}

Result<Document> read_answer(HttpAnswer answer) {
  if (answer.status < 200 || answer.status > 299) return error_of(answer);
  json::value value = parsed(answer.body);
  if (!value.is_object()) {
    return Error{ErrorKind::unavailable,
                 "the server's answer cannot be understood; is --server right?"};
  }
  return Document{std::move(answer.body), std::move(value.get_object())};
}

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

std::int64_t number_of(const json::object& object, std::string_view name, std::int64_t otherwise) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return otherwise;
  json::error_code error;
  const auto number = value->to_number<std::int64_t>(error);
  return error ? otherwise : number;
}

bool flag_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

const json::object& object_of(const json::object& object, std::string_view name) {
  static const json::object empty;
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : empty;
}

const json::array& array_of(const json::object& object, std::string_view name) {
  static const json::array empty;
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : empty;
}

std::string pairs_text(const json::object& pairs) {
  std::string text;
  for (const auto& each : pairs) {
    if (!each.value().is_string()) continue;
    if (!text.empty()) text += ' ';
    text.append(each.key()).append("=").append(each.value().get_string());
  }
  return text;
}

}  // namespace drover::cli
