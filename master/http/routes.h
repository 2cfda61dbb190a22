// The one table of what can be asked.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "master/http/answer.h"
#include "master/http/errors.h"
#include "master/http/message.h"
#include "master/http/openapi/operation.h"
#include "master/http/query.h"
#include "master/http/services.h"
#include "master/http/target.h"

namespace drover::http {

// Any thread; several at a time.
using Handler = Answer (*)(const Services& services, const Request& request);

// What a call does not take is refused, so that a parameter that somebody counts on is never
// silently ignored. Probes and browsers may add what they like to the calls for them.
enum class Query { refused, ignored };

struct Route {
  Method method;
  std::string_view path;  // may have one parameter: "/instances/{id}/stop"
  Handler handler;
  openapi::Operation (*operation)();  // says what it takes and answers
  Query query;                        // of what is not among the parameters
  std::string_view summary;
  std::span<const QueryParameter> parameters = {};
};

std::span<const Route> routes();

// "GET", "POST", "PUT", "DELETE": the methods that routes have.
std::string_view word_of(Method method);

// What a request's head leads to: a route, or an answer that needs none (OPTIONS), or a problem.
struct Routing {
  const Route* route = nullptr;
  std::string path_parameter;
  QueryValues query;
  MaybeProblem problem;
  std::string allow;  // set where neither of the two is: the answer to OPTIONS
};
Routing find_route(const RequestHead& head, const Target& target);

}  // namespace drover::http
