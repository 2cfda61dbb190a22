// What a group wants of its node beside room: labels, the address, the kernel.
//
// An attribute is "label.NAME", one that the node's agent gave it, or "node.NAME", one that the
// node has by itself: arch, cpus, hostname, id, ip, kernel, memory, os, os_version.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace drover::core {

struct Node;

// The numbers are stored.
enum class Operator : std::uint8_t {
  equal = 0,
  not_equal = 1,  // true too where the node has no such attribute
  in = 2,
  exists = 3,
  less = 4,
  greater = 5,
};

struct Constraint {
  std::string attribute;
  Operator comparison = Operator::equal;
  std::vector<std::string> values;  // none with exists, any number with in, otherwise one

  auto operator<=>(const Constraint&) const = default;
};

// The names behind "node.", in their order.
std::span<const std::string_view> node_attributes();

// The node's attribute; nothing: it has none of this name.
std::optional<std::string> attribute_of(const Node& node, const std::string& name);

bool holds(const Constraint& constraint, const Node& node);
bool all_hold(const std::vector<Constraint>& constraints, const Node& node);

// "label.zone = a", for people.
std::string to_string(const Constraint& constraint);

// Less than, equal to, greater than: numbers inside the texts count as numbers, part by part, so
// that 6.9 comes before 6.10 and "node9" before "node10".
std::strong_ordering natural_order(std::string_view a, std::string_view b);

}  // namespace drover::core
