#include "master/http/template/schema.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <utility>

namespace drover::http {

boost::json::object described(boost::json::object schema, std::string_view example,
                              std::string_view meaning) {
  schema["description"] = meaning;
  // Beside a reference some take it for a part of the schema that is referred to.
  if (!schema.contains("$ref"))
    schema["examples"] = boost::json::array{boost::json::parse(example)};
  return schema;
}

void show_example(Problem& problem, std::string_view name, std::string_view example) {
  // Nobody learns more from an example of what stands around the place.
  if (problem.example_shown || problem.code == Code::unknown_field) return;
  problem.example_shown = true;
  problem.message.append("; for example: \"").append(name).append("\": ").append(example);
}

}  // namespace drover::http
