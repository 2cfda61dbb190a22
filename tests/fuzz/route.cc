#include <algorithm>
#include <string>

#include "common/check.h"
#include "master/http/routes.h"
#include "tests/fuzz/holds.h"
#include "tests/fuzz/targets.h"

namespace drover::fuzz {
namespace {

using http::Method;

Method method_of(std::string_view word) {
  for (const Method method : {Method::get, Method::post, Method::put, Method::remove}) {
    if (http::word_of(method) == word) return method;
  }
  if (word == "HEAD") return Method::head;
  if (word == "PATCH") return Method::patch;
  return word == "OPTIONS" ? Method::options : Method::other;
}

void check_route(const http::Routing& routing, const http::Target& target) {
  const std::string_view path = routing.route->path;
  const std::size_t brace = path.find('{');
  DROVER_CHECK(target.path.starts_with(path.substr(0, brace)), "the route's own path");
  DROVER_CHECK((brace == path.npos) == routing.path_parameter.empty(), "what stands for {...}");
  DROVER_CHECK(brace != path.npos || target.path == path, "byte for byte");
  for (const http::QueryParameter& each : routing.route->parameters) {
    const std::string* value = routing.query.find(each.name);
    DROVER_CHECK(value == nullptr || !target.query.empty(), "nothing comes from nowhere");
  }
}

}  // namespace

void fuzz_route(std::string_view bytes) {
  const std::size_t blank = std::min(bytes.find(' '), bytes.size());
  http::RequestHead head;
  head.method_name = bytes.substr(0, blank);
  head.method = method_of(head.method_name);
  bytes.remove_prefix(std::min(blank + 1, bytes.size()));
  http::Target target;
  if (const auto problem = http::parse_target(bytes, target)) {
    check_problem(*problem);
    return;
  }
  const http::Routing routing = http::find_route(head, target);
  check_problem(routing.problem);
  const bool is_answered = routing.problem || !routing.allow.empty();
  DROVER_CHECK(is_answered || routing.route != nullptr, "every request leads somewhere");
  if (routing.route != nullptr) check_route(routing, target);
}

}  // namespace drover::fuzz
