#include "master/schedule/cron_field.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace drover::schedule {
namespace {

Error wrong(const FieldRule& rule, std::string_view text, const std::string& what) {
  return {ErrorKind::invalid, std::string(rule.name) + " \"" + std::string(text) + "\" " + what +
                                  "; right is, for example, \"" + std::string(rule.example) + "\""};
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::optional<int> parse_number(std::string_view text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, number);
  if (problem != std::errc{} || rest != end || text.front() == '-') return std::nullopt;
  return number;
}

// A number or a name; nothing: neither, or out of bounds.
std::optional<int> parse_value(std::string_view text, const FieldRule& rule) {
  if (text.empty()) return std::nullopt;
  const auto named = std::find(rule.names.begin(), rule.names.end(), lower_case(text));
  if (named != rule.names.end()) {
    return rule.first_named + static_cast<int>(named - rule.names.begin());
  }
  const auto number = parse_number(text);
  if (!number || *number < rule.least || *number > rule.most) return std::nullopt;
  return number;
}

std::string bounds_of(const FieldRule& rule) {
  std::string text =
      "is not *, a number from " + std::to_string(rule.least) + " to " + std::to_string(rule.most);
  if (!rule.names.empty()) text += ", a name such as " + std::string(rule.names.back());
  return text + ", or a range or list of them";
}

struct Span {
  int first = 0;
  int last = 0;
};

// What stands before the step.
Result<Span> parse_span(std::string_view text, std::string_view whole, const FieldRule& rule,
                        bool has_step) {
  if (text == "*") return Span{rule.least, rule.wraps ? rule.most - 1 : rule.most};
  const std::size_t dash = text.find('-');
  const auto first = parse_value(text.substr(0, dash), rule);
  if (!first) return wrong(rule, whole, bounds_of(rule));
  if (dash == std::string_view::npos) return Span{*first, has_step ? rule.most : *first};
  auto last = parse_value(text.substr(dash + 1), rule);
  if (!last) return wrong(rule, whole, bounds_of(rule));
  // "sat-sun" ends with the Sunday that follows.
  if (rule.wraps && *last == rule.least && *first > *last) last = rule.most;
  if (*first > *last) return wrong(rule, whole, "has a range that ends before it begins");
  return Span{*first, *last};
}

Result<std::uint64_t> parse_element(std::string_view text, std::string_view whole,
                                    const FieldRule& rule) {
  const std::size_t slash = text.find('/');
  const bool has_step = slash != std::string_view::npos;
  const auto span = parse_span(text.substr(0, slash), whole, rule, has_step);
  if (!span) return span.error();
  int step = 1;
  if (has_step) {
    const std::string_view after = text.substr(slash + 1);
    const auto number = after.empty() ? std::nullopt : parse_number(after);
    if (!number || *number < 1 || *number > rule.most) {
      return wrong(rule, whole, "has a step that is not from 1 to " + std::to_string(rule.most));
    }
    step = *number;
  }
  std::uint64_t allowed = 0;
  for (int value = span->first; value <= span->last; value += step) {
    const bool again = rule.wraps && value == rule.most;
    allowed |= std::uint64_t{1} << (again ? rule.least : value);
  }
  return allowed;
}

}  // namespace

Result<Field> parse_field(std::string_view text, const FieldRule& rule) {
  Field field;
  field.restricted = !text.starts_with('*');
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    const auto element = parse_element(rest.substr(0, comma), text, rule);
    if (!element) return element.error();
    field.allowed |= *element;
    if (comma == std::string_view::npos) return field;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace drover::schedule
