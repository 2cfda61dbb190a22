#include "master/http/template/schema.h"

namespace drover::http {

void show_example(Problem& problem, std::string_view name, std::string_view example) {
  // Nobody learns more from an example of what stands around the place.
  if (problem.example_shown || problem.code == Code::unknown_field) return;
  problem.example_shown = true;
  problem.message.append("; for example: \"").append(name).append("\": ").append(example);
}

}  // namespace drover::http
