#include "master/http/query.h"

#include <algorithm>
#include <boost/url/decode_view.hpp>
#include <boost/url/parse_query.hpp>
#include <charconv>

#include "common/duration.h"
#include "master/http/json_text.h"
#include "master/http/nearest.h"

namespace drover::http {
namespace {

namespace urls = boost::urls;

Problem wrong(std::string what) { return {Code::unexpected_query, std::move(what), ""}; }

Problem not_taken(const std::string& name, std::string_view path,
                  std::span<const QueryParameter> allowed) {
  if (allowed.empty()) {
    return wrong(std::string(path) + " takes no query parameters; leave out " + excerpt(name));
  }
  std::vector<std::string_view> known;
  for (const QueryParameter& each : allowed) known.push_back(each.name);
  return wrong(std::string(path) + " takes no query parameter " + excerpt(name) + "; " +
               suggestion(name, known));
}

}  // namespace

MaybeProblem parse_query(std::string_view text, std::string_view path,
                         std::span<const QueryParameter> allowed, QueryValues& out) {
  if (text.empty()) return std::nullopt;
  // Boost.URL looks for a terminating NUL by itself.
  const std::string terminated(text);
  const auto parsed = urls::parse_query(terminated);
  if (!parsed) {
    return wrong("the query " + excerpt(text) +
                 " is no list of name=value; write other characters as %XX");
  }
  for (const urls::param_pct_view& each : *parsed) {
    std::string name = decoded(each.key);
    std::string value = decoded(each.value);
    const bool is_taken =
        std::any_of(allowed.begin(), allowed.end(),
                    [&name](const QueryParameter& parameter) { return parameter.name == name; });
    if (!is_taken) return not_taken(name, path, allowed);
    if (out.find(name) != nullptr) {
      return wrong("the query parameter " + excerpt(name) + " is there twice; leave one out");
    }
    if (find_invalid_utf8(value)) {
      return wrong("the query parameter " + excerpt(name) + " is not UTF-8");
    }
    out.set(std::move(name), std::move(value));
  }
  return std::nullopt;
}

MaybeProblem read_number(const QueryValues& values, std::string_view name, std::uint32_t least,
                         std::uint32_t most, std::uint32_t& out) {
  const std::string* text = values.find(name);
  if (text == nullptr) return std::nullopt;
  const char* end = text->data() + text->size();
  std::uint32_t number = 0;
  const auto [rest, error] = std::from_chars(text->data(), end, number);
  if (error == std::errc() && rest == end && number >= least && number <= most) {
    out = number;
    return std::nullopt;
  }
  return wrong(std::string(name) + "=" + excerpt(*text) + " is no whole number from " +
               std::to_string(least) + " to " + std::to_string(most) + "; write for example " +
               std::string(name) + "=" + std::to_string(std::max(least, std::min(most, 100U))));
}

MaybeProblem read_duration(const QueryValues& values, std::string_view name,
                           std::chrono::milliseconds least, std::chrono::milliseconds most,
                           std::chrono::milliseconds& out) {
  const std::string* text = values.find(name);
  if (text == nullptr) return std::nullopt;
  const auto duration = parse_duration(*text);
  const std::string given = std::string(name) + "=" + excerpt(*text);
  if (!duration) return wrong(given + ": " + duration.error().message);
  if (*duration < least || *duration > most) {
    return wrong(given + " must be from " + std::to_string(least.count()) + "ms to " +
                 std::to_string(most.count()) + "ms");
  }
  out = *duration;
  return std::nullopt;
}

MaybeProblem read_flag(const QueryValues& values, std::string_view name, bool& out) {
  const std::string* text = values.find(name);
  if (text == nullptr) return std::nullopt;
  if (*text != "true" && *text != "false") {
    return wrong(std::string(name) + "=" + excerpt(*text) + " is neither true nor false; write " +
                 std::string(name) + "=true, or leave it out");
  }
  out = *text == "true";
  return std::nullopt;
}

std::string decoded(std::string_view text) {
  const urls::decode_view view(text);
  return {view.begin(), view.end()};
}

}  // namespace drover::http
