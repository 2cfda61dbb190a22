#include "tests/fuzz/holds.h"

#include <boost/json/parse.hpp>
#include <string_view>

#include "common/check.h"
#include "master/http/json_text.h"

namespace drover::fuzz {

using http::Problem;
using http::Response;

namespace json = boost::json;

void check_problem(const Problem& problem) {
  DROVER_CHECK(!problem.message.empty(), "a problem is explained");
  DROVER_CHECK(!http::find_invalid_utf8(problem.message), "what is said is UTF-8");
  const Response response = http::to_response(problem);
  const bool is_known = response.status == 501 || response.status == 505;
  DROVER_CHECK(response.status / 100 == 4 || is_known, "no input is a mistake of the master");
  const json::value body = json::parse(response.body);
  DROVER_CHECK(body.at("status") == "error" && body.at("code").is_string(), "the shape of errors");
  DROVER_CHECK(body.at("message").as_string() == problem.message, "the message as it is");
}

void check_problem(const http::MaybeProblem& problem) {
  if (problem) check_problem(*problem);
}

void check_response(const Response& response) {
  DROVER_CHECK(response.status >= 200 && response.status < 600, "a status");
  DROVER_CHECK(response.status != 500, "no input is a mistake of the master");
  if (response.content_type != "application/json" || response.gzip) return;
  if (response.status == 204 || response.status == 304) return;
  json::error_code error;
  json::parse(response.text(), error);
  DROVER_CHECK(!error, "JSON");
}

}  // namespace drover::fuzz
