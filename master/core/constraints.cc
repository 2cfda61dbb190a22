#include "master/core/constraints.h"

#include <algorithm>
#include <array>

#include "common/check.h"
#include "common/size.h"
#include "master/core/records.h"

namespace drover::core {
namespace {

constexpr std::string_view kLabel = "label.";
constexpr std::string_view kNode = "node.";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The digits at the front of `text`, without zeros before them; they leave `text`.
std::string_view take_number(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

std::strong_ordering order_of_numbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

std::optional<std::string> own_attribute(const Node& node, std::string_view name) {
  if (name == "cpus") return std::to_string(node.cpu_count);
  if (name == "memory") return std::to_string(node.memory_bytes);
  if (name == "ip") return node.ip;
  if (name == "id") return node.id.text();
  const auto found = node.attributes.find(std::string(name));
  if (found == node.attributes.end()) return std::nullopt;
  return found->second;
}

// What the constraint compares the attribute with: of the node's memory a size may be given.
std::string comparable(const Constraint& constraint, const std::string& value) {
  if (constraint.attribute != "node.memory") return value;
  const auto bytes = parse_size(value);
  return bytes ? std::to_string(*bytes) : value;
}

bool holds_for(const Constraint& constraint, const std::string& found) {
  const auto compare = [&](const std::string& value) {
    return natural_order(found, comparable(constraint, value));
  };
  const auto is_same = [&](const std::string& value) {
    return found == comparable(constraint, value);
  };
  switch (constraint.comparison) {
    case Operator::exists:
      return true;
    case Operator::equal:
    case Operator::in:
      return std::any_of(constraint.values.begin(), constraint.values.end(), is_same);
    case Operator::not_equal:
      return std::none_of(constraint.values.begin(), constraint.values.end(), is_same);
    case Operator::less:
      return compare(constraint.values.at(0)) == std::strong_ordering::less;
    case Operator::greater:
      return compare(constraint.values.at(0)) == std::strong_ordering::greater;
  }
  check_failed(__FILE__, __LINE__, "Operator", "not one of its values");
}

const char* word_of(Operator comparison) {
  switch (comparison) {
    case Operator::equal:
      return " = ";
    case Operator::not_equal:
      return " != ";
    case Operator::in:
      return " in ";
    case Operator::exists:
      return " exists";
    case Operator::less:
      return " < ";
    case Operator::greater:
      return " > ";
  }
  check_failed(__FILE__, __LINE__, "Operator", "not one of its values");
}

}  // namespace

std::span<const std::string_view> node_attributes() {
  static constexpr std::array<std::string_view, 9> kNames = {
      "arch", "cpus", "hostname", "id", "ip", "kernel", "memory", "os", "os_version"};
  return kNames;
}

std::optional<std::string> attribute_of(const Node& node, const std::string& name) {
  if (name.starts_with(kLabel)) {
    const auto label = node.labels.find(name.substr(kLabel.size()));
    if (label == node.labels.end()) return std::nullopt;
    return label->second;
  }
  if (!name.starts_with(kNode)) return std::nullopt;
  return own_attribute(node, std::string_view(name).substr(kNode.size()));
}

bool holds(const Constraint& constraint, const Node& node) {
  const auto found = attribute_of(node, constraint.attribute);
  if (!found) return constraint.comparison == Operator::not_equal;
  return holds_for(constraint, *found);
}

bool all_hold(const std::vector<Constraint>& constraints, const Node& node) {
  return std::all_of(constraints.begin(), constraints.end(),
                     [&node](const Constraint& each) { return holds(each, node); });
}

std::string to_string(const Constraint& constraint) {
  std::string text = constraint.attribute + word_of(constraint.comparison);
  for (std::size_t i = 0; i < constraint.values.size(); ++i) {
    text += (i > 0 ? ", " : "") + constraint.values[i];
  }
  return text;
}

std::strong_ordering natural_order(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const std::string_view number = take_number(a);
      const auto order = order_of_numbers(number, take_number(b));
      if (order != std::strong_ordering::equal) return order;
      continue;
    }
    if (a.front() != b.front()) return a.front() <=> b.front();
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.size() <=> b.size();
}

}  // namespace drover::core
