// A template's schema as tables: what is read, refused, shown as an example and documented is the
// same row. tasks.cc, groups.cc and templates.cc hold the tables; page.cc prints them.
#pragma once

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "master/http/json_fields.h"
#include "master/http/openapi/schema.h"

namespace drover::http {

// One member of an object, read into a Target.
template <class Target>
struct Field {
  std::string_view name;
  Presence presence;
  MaybeProblem (*read)(const boost::json::value& value, const Place& place, Target& target);
  schema::Schema schema;     // what programs are told of it
  std::string_view example;  // a right value, as JSON; a refusal shows it
  std::string_view meaning;  // for the page: what it does, what holds without it, its limits
};

template <class Target>
using Fields = std::span<const Field<Target>>;

// With example and meaning, as the schema of a member.
boost::json::object described(boost::json::object schema, std::string_view example,
                              std::string_view meaning);

// The object whose members the table holds.
template <auto fields>
boost::json::object object_of(schema::Components& components) {
  schema::ObjectMaker maker(components);
  for (const auto& each : fields()) {
    maker.add(each.name, each.presence,
              described(each.schema(components), each.example, each.meaning));
  }
  return maker.take();
}

// Adds a right example to a problem that has none yet.
void show_example(Problem& problem, std::string_view name, std::string_view example);

// Reads an object: members that are no fields, and required ones that are missing, are refused.
template <class Target>
MaybeProblem read_fields(const boost::json::value& value, const Place& place, Fields<Target> fields,
                         Target& target) {
  std::vector<std::string_view> names(fields.size());
  std::transform(fields.begin(), fields.end(), names.begin(),
                 [](const Field<Target>& field) { return field.name; });
  const boost::json::object* object = nullptr;
  if (auto problem = read_object(value, place, names, object)) return problem;
  for (const Field<Target>& field : fields) {
    const boost::json::value* member = object->if_contains({field.name.data(), field.name.size()});
    MaybeProblem problem;
    if (member != nullptr) {
      const Place at(place, field.name);
      problem = field.read(*member, at, target);
    } else if (field.presence == Presence::required) {
      problem = require(*object, place, field.name, member);
    }
    if (!problem) continue;
    show_example(*problem, field.name, field.example);
    return problem;
  }
  return std::nullopt;
}

}  // namespace drover::http
