// The master of the target `call` has something to say: else nothing would be found there.
#include "tests/fuzz/world.h"

#include <gtest/gtest.h>

#include <string>

#include "master/http/query_parameters.h"

namespace drover::fuzz {
namespace {

Answered ask(http::Method method, const std::string& target, const std::string& body = "") {
  http::RequestHead head;
  head.method = method;
  http::Target parsed;
  EXPECT_FALSE(http::parse_target(target, parsed)) << target;
  http::Routing routing = http::find_route(head, parsed);
  EXPECT_TRUE(routing.route != nullptr && !routing.problem) << target;
  http::Request request;
  request.head.method = method;
  request.head.make_rare().accept.value = "application/x-ndjson";
  request.body = body;
  request.path_parameter = routing.path_parameter;
  request.query = routing.query;
  return World().ask(*routing.route, request);
}

TEST(World, ShowsWhatIsThere) {
  const std::string instance = "/api/v1/instances/" + std::string(http::kInstanceExample);
  const Answered shown = ask(http::Method::get, instance);
  EXPECT_EQ(shown.status, 200) << shown.body;
  EXPECT_NE(shown.body.find(http::kNodeExample), std::string::npos) << shown.body;
  EXPECT_EQ(ask(http::Method::get, instance + "?wait=terminal").status, 200);
  const Answered logs = ask(http::Method::get, instance + "/logs");
  EXPECT_EQ(logs.content_type, "application/x-ndjson");
  EXPECT_NE(logs.body.find("no_output"), std::string::npos) << logs.body;
}

TEST(World, DoesWhatItIsTold) {
  EXPECT_EQ(ask(http::Method::post, "/api/v1/instances", R"({"template":"web"})").status, 200);
  EXPECT_EQ(ask(http::Method::post, "/api/v1/instances", R"({"template":"nothing"})").status, 404);
  EXPECT_EQ(ask(http::Method::remove, "/api/v1/templates/web").status, 409);
}

}  // namespace
}  // namespace drover::fuzz
