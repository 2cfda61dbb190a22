#include "master/http/routes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "master/http/store_problem.h"

namespace drover::http {
namespace {

Routing route(Method method, const std::string& method_name, std::string_view path,
              std::string_view query = "") {
  RequestHead head;
  head.method = method;
  head.method_name = method_name;
  return find_route(head, Target{path, query, ""});
}

std::string word(const Routing& routing) {
  return routing.problem ? std::string(info(routing.problem->code).word) : "taken";
}

TEST(Routes, FindTheSixCalls) {
  for (const char* path : {"/api/task/task_group", "/api/task/query", "/api/task/task_group/deploy",
                           "/api/task/task_group/query", "/api/task/task_group/stop"}) {
    const Routing routing = route(Method::post, "POST", path);
    ASSERT_NE(routing.route, nullptr) << path;
    EXPECT_EQ(routing.route->path, path);
  }
  EXPECT_NE(route(Method::get, "GET", "/api/task/node").route, nullptr);
}

TEST(Routes, AreNamedOnce) {
  std::set<std::pair<Method, std::string_view>> seen;
  for (const Route& each : routes()) EXPECT_TRUE(seen.emplace(each.method, each.path).second);
}

TEST(Routes, AnswerHeadWhereTheyAnswerGet) {
  for (const Route& each : routes()) {
    std::string path(each.path);
    if (const auto brace = path.find('{'); brace != std::string::npos) {
      path.replace(brace, path.find('}') + 1 - brace, "x");
    }
    const bool has_get = std::any_of(routes().begin(), routes().end(), [&each](const Route& other) {
      return other.path == each.path && other.method == Method::get;
    });
    const Routing head = route(Method::head, "HEAD", path);
    EXPECT_EQ(head.route != nullptr, has_get) << each.path;
  }
}

TEST(Routes, TakeOneParameterInTheMiddle) {
  const Routing routing = route(Method::post, "POST", "/api/v1/nodes/some-id/drain");
  ASSERT_NE(routing.route, nullptr);
  EXPECT_EQ(routing.path_parameter, "some-id");
  for (const char* path : {"/api/v1/nodes//drain", "/api/v1/nodes/drain", "/api/v1/nodes/a/b/drain",
                           "/api/v1/nodes/a/drain/", "/api/v1/nodes/a/drained"}) {
    EXPECT_EQ(route(Method::post, "POST", path).route, nullptr) << path;
  }
  EXPECT_EQ(route(Method::get, "GET", "/api/v1/nodes/a/drain").problem->allow, "POST, OPTIONS");
}

TEST(Routes, TakeOneParameterAtTheEnd) {
  const Routing routing = route(Method::get, "GET", "/api/v1/instances/some-id");
  ASSERT_NE(routing.route, nullptr);
  EXPECT_EQ(routing.path_parameter, "some-id");
  for (const char* path : {"/api/v1/instances/", "/api/v1/instances/a/b"}) {
    EXPECT_EQ(word(route(Method::get, "GET", path)), "unknown_path") << path;
  }
  EXPECT_EQ(route(Method::post, "POST", "/api/v1/instances/a").problem->allow,
            "GET, HEAD, DELETE, OPTIONS");
}

TEST(Routes, RefuseOtherMethodsAndSayWhichAreAllowed) {
  const Routing get = route(Method::get, "GET", "/api/task/query");
  EXPECT_EQ(word(get), "method_not_allowed");
  EXPECT_EQ(get.problem->allow, "POST, OPTIONS");
  const Routing post = route(Method::post, "POST", "/api/task/node");
  EXPECT_EQ(post.problem->allow, "GET, HEAD, OPTIONS");
  EXPECT_EQ(word(route(Method::remove, "DELETE", "/")), "method_not_allowed");
  EXPECT_EQ(word(route(Method::other, "BREW", "/")), "unsupported_method");
}

TEST(Routes, AnswerOptions) {
  const Routing options = route(Method::options, "OPTIONS", "/api/task/node");
  EXPECT_EQ(word(options), "taken");
  EXPECT_EQ(options.route, nullptr);
  EXPECT_EQ(options.allow, "GET, HEAD, OPTIONS");
  EXPECT_EQ(route(Method::options, "OPTIONS", "*").allow, "GET, HEAD, POST, PUT, DELETE, OPTIONS");
  EXPECT_EQ(word(route(Method::options, "OPTIONS", "/nowhere")), "unknown_path");
}

TEST(Routes, ComparePathsExactly) {
  for (const char* path :
       {"/api/task/node/", "/api//task/node", "/API/task/node", "/api/task/%6eode", "/api/task",
        "/api/task/../task/node", "/api/v1/node", "*", "/api/task/nod", "/api/task/nodes"}) {
    EXPECT_EQ(word(route(Method::get, "GET", path)), "unknown_path") << path;
  }
}

TEST(Routes, RefuseParametersThatNobodyReads) {
  EXPECT_EQ(word(route(Method::post, "POST", "/api/task/task_group/stop", "dry_run=1")),
            "unexpected_query");
  EXPECT_EQ(word(route(Method::get, "GET", "/healthz", "t=123")), "taken");
}

TEST(Targets, AreTakenApart) {
  Target target;
  EXPECT_FALSE(parse_target("/a/b?c=d", target));
  EXPECT_EQ(target.path, "/a/b");
  EXPECT_EQ(target.query, "c=d");
  EXPECT_FALSE(parse_target("HTTP://host:1/a", target));
  EXPECT_EQ(target.authority, "host:1");
  EXPECT_EQ(target.path, "/a");
  Target bare;
  EXPECT_FALSE(parse_target("http://host", bare));
  EXPECT_EQ(bare.path, "/");
}

TEST(Targets, AreRefusedWhenMalformed) {
  for (const char* text : {"", "a", "http://", "http:///x", "http://h?x", "ftp://h/", "/a%", "/a%0",
                           "/a%zz", "/a%00", "/a?b=%00", "/a#b", "host:80", "**"}) {
    Target target;
    const auto problem = parse_target(text, target);
    ASSERT_TRUE(problem) << text;
    EXPECT_EQ(problem->code, Code::malformed_target) << text;
  }
}

TEST(Errors, HaveOneShape) {
  const Response response = to_response({Code::overloaded, "a \"b\" 任", ""});
  EXPECT_EQ(response.status, 503);
  EXPECT_TRUE(response.retry_after);
  EXPECT_EQ(response.body, R"({"status":"error","code":"overloaded","message":"a \"b\" 任"})");
}

TEST(Errors, OfTheStoreSayWhyAndWhatToDo) {
  EXPECT_FALSE(store_problem({core::ReplyCode::ok}));
  EXPECT_FALSE(store_problem({core::ReplyCode::unknown_instance}));
  for (const auto& [reply, code] :
       {std::pair{core::ReplyCode::store_failed, Code::store_failed},
        {core::ReplyCode::read_only, Code::read_only},
        {core::ReplyCode::stop_not_recorded, Code::stop_not_recorded}}) {
    const auto problem = store_problem({reply, "no space left"});
    ASSERT_TRUE(problem);
    EXPECT_EQ(code, problem->code);
    EXPECT_NE(std::string::npos, problem->message.find("no space left")) << problem->message;
    EXPECT_NE(std::string::npos, problem->message.find("start")) << problem->message;
    const Response response = to_response(*problem);
    EXPECT_EQ(503, response.status);
    EXPECT_FALSE(response.retry_after);  // it does not help to wait
  }
}

TEST(Errors, OfTheHistoryTellADamagedRecordFromABadDisk) {
  EXPECT_EQ(Code::record_damaged, history_problem({ErrorKind::invalid, "damaged"}).code);
  EXPECT_EQ(Code::store_failed, history_problem({ErrorKind::io, "no disk"}).code);
}

TEST(Errors, HaveWordsOfTheirOwn) {
  std::set<std::string_view> words;
  for (const CodeInfo& code : all_codes()) EXPECT_TRUE(words.insert(code.word).second) << code.word;
}

}  // namespace
}  // namespace drover::http
