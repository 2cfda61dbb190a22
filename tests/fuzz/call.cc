#include <string>

#include "common/check.h"
#include "master/http/guard.h"
#include "master/http/request_parser.h"
#include "master/http/routes.h"
#include "tests/fuzz/holds.h"
#include "tests/fuzz/schemas.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/world.h"

namespace drover::fuzz {
namespace {

using Progress = http::RequestParser::Progress;

bool read(std::string_view bytes, http::Request& request) {
  http::InputBuffer input;
  input.add(bytes);
  http::RequestParser parser(request);
  Progress progress = parser.feed(input);
  if (progress == Progress::head_done) progress = parser.feed(input);
  return progress == Progress::complete;
}

}  // namespace

void fuzz_call(std::string_view bytes) {
  http::Request request;
  if (!read(bytes, request) || http::check_framing(request.head)) return;
  static const http::Guard guard(Endpoint{"127.0.0.1", 8420});
  http::Target target;
  if (const auto problem = http::parse_target(request.head.target, target)) {
    check_problem(*problem);
    return;
  }
  check_problem(guard.check(request.head, target.authority));
  http::Routing routing = http::find_route(request.head, target);
  if (routing.problem || routing.route == nullptr) return;
  request.path_parameter = std::move(routing.path_parameter);
  request.query = std::move(routing.query);
  World world;
  const Answered answered = world.ask(*routing.route, request);
  if (answered.content_type.empty()) return;
  check_documented(*routing.route, answered.status, answered.content_type, answered.body);
}

}  // namespace drover::fuzz
