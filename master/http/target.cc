#include "master/http/target.h"

#include "master/http/json_text.h"

namespace drover::http {
namespace {

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool has_bad_escape(std::string_view text) {
  for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1)) {
    if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return true;
    if (text[i + 1] == '0' && text[i + 2] == '0') return true;
  }
  return false;
}

Problem malformed(std::string_view text, const std::string& why) {
  return Problem{Code::malformed_target, "the target " + excerpt(text) + " " + why, ""};
}

bool starts_with_http(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (text.size() < kScheme.size()) return false;
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != kScheme[i]) return false;
  }
  return true;
}

}  // namespace

MaybeProblem parse_target(std::string_view text, Target& out) {
  std::string_view rest = text;
  if (starts_with_http(rest)) {
    rest.remove_prefix(7);
    const std::size_t end = rest.find_first_of("/?");
    out.authority = rest.substr(0, end);
    if (out.authority.empty()) return malformed(text, "names no host");
    rest = end == std::string_view::npos ? std::string_view("/") : rest.substr(end);
    if (rest.front() == '?') return malformed(text, "has no path; write a / before the ?");
  }
  if (rest.empty() || (rest.front() != '/' && rest != "*")) {
    return malformed(text, "is neither a path nor a URL; write for example /api/task/node");
  }
  if (rest.find('#') != std::string_view::npos) {
    return malformed(text, "has a fragment; leave out # and what follows");
  }
  if (has_bad_escape(rest)) {
    return malformed(text, "has a percent escape that is none, or %00; remove it");
  }
  const std::size_t mark = rest.find('?');
  out.path = rest.substr(0, mark);
  out.query = mark == std::string_view::npos ? std::string_view() : rest.substr(mark + 1);
  return std::nullopt;
}

}  // namespace drover::http
