#include "master/http/template/constraints.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "common/limits.h"
#include "master/core/constraints.h"
#include "master/http/json_text.h"
#include "master/http/template/values.h"

namespace drover::http {

namespace json = boost::json;
using core::Affinity;
using core::Constraint;
using core::GroupSpec;
using core::Operator;

namespace {

bool is_node_attribute(std::string_view name) {
  const auto known = core::node_attributes();
  return std::find(known.begin(), known.end(), name) != known.end();
}

MaybeProblem read_attribute_name(const json::value& value, const Place& place, std::string& out) {
  if (auto problem = read_text(value, place, limits::kNameBytes, out)) return problem;
  constexpr std::string_view kLabel = "label.";
  constexpr std::string_view kNode = "node.";
  const std::string_view name = out;
  if (name.starts_with(kLabel) && name.size() > kLabel.size()) return std::nullopt;
  if (name.starts_with(kNode) && is_node_attribute(name.substr(kNode.size()))) return std::nullopt;
  std::string known;
  for (const std::string_view each : core::node_attributes()) {
    known.append(known.empty() ? "" : ", ").append(kNode).append(each);
  }
  return problem_at(
      place, Code::invalid_value,
      excerpt(out) + " is no attribute of a node; use label.NAME, or one of " + known);
}

MaybeProblem read_attribute(const json::value& value, const Place& place, Constraint& out) {
  return read_attribute_name(value, place, out.attribute);
}

constexpr std::array<std::string_view, 6> kOperators = {"=", "!=", "in", "exists", "<", ">"};

MaybeProblem read_operator(const json::value& value, const Place& place, Constraint& out) {
  return read_word(value, place, kOperators, out.comparison);
}

MaybeProblem read_value(const json::value& value, const Place& place, Constraint& out) {
  return read_string(value, place, limits::kNameBytes, out.values.emplace_back());
}

MaybeProblem read_values(const json::value& value, const Place& place, Constraint& out) {
  const json::array* elements = nullptr;
  if (auto problem =
          read_array(value, place, limits::kConstraintValues, Emptiness::refused, elements)) {
    return problem;
  }
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const Place at(place, i);
    if (auto problem = read_value((*elements)[i], at, out)) return problem;
  }
  return std::nullopt;
}

// Which of `value` and `values` there must be is for the operator to say.
MaybeProblem check_values(const json::value& value, const Place& place, const Constraint& read) {
  const json::object& members = value.as_object();
  const bool has_value = members.contains("value");
  const bool has_values = members.contains("values");
  const bool wants_values = read.comparison == Operator::in;
  const bool wants_value = !wants_values && read.comparison != Operator::exists;
  if (has_value == wants_value && has_values == wants_values) return std::nullopt;
  const std::string what = wants_values  ? "with the operator in there are values, and no value"
                           : wants_value ? "with this operator there is a value, and no values"
                                         : "with the operator exists there is no value";
  return problem_at(place, Code::invalid_value, what);
}

MaybeProblem read_weight(const json::value& value, const Place& place, Affinity& out) {
  if (!value.is_number()) return wrong_type(value, place, "a number");
  const std::int64_t* weight = value.if_int64();
  const bool fits = weight != nullptr && *weight != 0 && *weight >= -limits::kMostWeight &&
                    *weight <= limits::kMostWeight;
  if (!fits) {
    return problem_at(place, Code::invalid_value,
                      json::serialize(value) + " is no whole number from -100 to 100 but 0");
  }
  out.weight = static_cast<std::int32_t>(*weight);
  return std::nullopt;
}

template <MaybeProblem (*read)(const json::value&, const Place&, Constraint&)>
MaybeProblem of_affinity(const json::value& value, const Place& place, Affinity& out) {
  return read(value, place, out.to);
}

const Constraint& constraint_of(const Constraint& constraint) { return constraint; }
const Constraint& constraint_of(const Affinity& affinity) { return affinity.to; }

template <class Target>
MaybeProblem read_list(const json::value& value, const Place& place, Fields<Target> fields,
                       std::vector<Target>& out) {
  const json::array* elements = nullptr;
  if (auto problem = read_array(value, place, limits::kConstraints, Emptiness::allowed, elements)) {
    return problem;
  }
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const Place at(place, i);
    Target& each = out.emplace_back();
    if (auto problem = read_fields((*elements)[i], at, fields, each)) return problem;
    if (auto problem = check_values((*elements)[i], at, constraint_of(each))) return problem;
  }
  return std::nullopt;
}

MaybeProblem check_one_of_two(const GroupSpec& group, const Place& place) {
  if (!group.spread || !group.pack) return std::nullopt;
  return problem_at(place, Code::invalid_value,
                    "spread keeps copies apart and pack together; leave one of them out");
}

using enum Presence;

constexpr std::string_view kAttributeMeaning =
    "`label.NAME`, a label of the node's agent, or what a node has by itself: `node.arch`, "
    "`node.cpus`, "
    "`node.hostname`, `node.id`, `node.ip`, `node.kernel`, `node.memory`, `node.os`, "
    "`node.os_version`";
constexpr std::string_view kOperatorMeaning =
    "`=`, `!=`, `in`, `exists`, `<`, `>`. `=` without. `<` and `>` take the numbers inside of "
    "texts as numbers: 6.9 is less "
    "than 6.10. Where a node has no such attribute, only `!=` holds";
constexpr std::string_view kValueMeaning =
    "With all operators but `in` and `exists`; of `node.memory` a size. `${name}` stands for a "
    "parameter";

// clang-format off
constexpr std::array kConstraintFields = std::to_array<Field<Constraint>>({
    {"attribute", required, read_attribute, schema::name, R"("label.zone")", kAttributeMeaning},
    {"operator", optional, read_operator, schema::word<kOperators>, R"("!=")", kOperatorMeaning},
    {"value", optional, read_value, schema::text_of<0, limits::kNameBytes>, R"("north")", kValueMeaning},
    {"values", optional, read_values, schema::list<schema::text_of<0, limits::kNameBytes>, 1, limits::kConstraintValues>, R"(["north", "south"])", "With `in`: the attribute is one of them"},
});

constexpr std::array kAffinityFields = std::to_array<Field<Affinity>>({
    {"attribute", required, of_affinity<read_attribute>, schema::name, R"("label.disk")", kAttributeMeaning},
    {"operator", optional, of_affinity<read_operator>, schema::word<kOperators>, R"("!=")", kOperatorMeaning},
    {"value", optional, of_affinity<read_value>, schema::text_of<0, limits::kNameBytes>, R"("ssd")", kValueMeaning},
    {"values", optional, of_affinity<read_values>, schema::list<schema::text_of<0, limits::kNameBytes>, 1, limits::kConstraintValues>, R"(["ssd", "nvme"])", "With `in`: the attribute is one of them"},
    {"weight", required, read_weight, schema::whole<-limits::kMostWeight, limits::kMostWeight>, "50",
     "From 1 to 100 for nodes where it holds, from -1 to -100 against them. 100 is worth as much as the difference between "
     "an idle node and one whose processors are all busy"},
});
// clang-format on

}  // namespace

MaybeProblem read_constraints(const json::value& value, const Place& place, GroupSpec& group) {
  return read_list(value, place, constraint_fields(), group.constraints);
}

MaybeProblem read_affinity(const json::value& value, const Place& place, GroupSpec& group) {
  return read_list(value, place, affinity_fields(), group.affinity);
}

MaybeProblem read_spread(const json::value& value, const Place& place, GroupSpec& group) {
  if (auto problem = read_attribute_name(value, place, group.spread.emplace())) return problem;
  return check_one_of_two(group, place);
}

MaybeProblem read_pack(const json::value& value, const Place& place, GroupSpec& group) {
  if (auto problem = read_attribute_name(value, place, group.pack.emplace())) return problem;
  return check_one_of_two(group, place);
}

Fields<Constraint> constraint_fields() { return kConstraintFields; }

Fields<Affinity> affinity_fields() { return kAffinityFields; }

}  // namespace drover::http
