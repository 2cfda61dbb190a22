// A request's body, read by the table of its fields.
#pragma once

#include <string_view>

#include "master/http/json_reader.h"
#include "master/http/place.h"
#include "master/http/template/schema.h"

namespace drover::http {

template <class Target>
MaybeProblem read_body(std::string_view body, Fields<Target> fields, Target& out) {
  JsonDocument document;
  if (auto problem = document.parse(body)) return problem;
  return read_fields(document.root(), Place(), fields, out);
}

}  // namespace drover::http
