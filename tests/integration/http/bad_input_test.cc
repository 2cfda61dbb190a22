// What nobody should send. Each gets an error in the one shape, or a closed connection; the master
// stays up.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <functional>
#include <string>
#include <vector>

#include "common/limits.h"
#include "tests/integration/http/master_fixture.h"

namespace drover::test {
namespace {

const std::vector<std::string> kCallsWithBody = {
    "/api/task/task_group", "/api/task/query", "/api/task/task_group/deploy",
    "/api/task/task_group/query", "/api/task/task_group/stop"};

// The one shape: three members, all strings, and nothing else.
void expect_error_shape(const HttpResponse& response) {
  EXPECT_EQ(response.header("content-type"), "application/json");
  boost::json::error_code error;
  const auto body = boost::json::parse(response.body, error);
  ASSERT_FALSE(error) << response.body;
  ASSERT_TRUE(body.is_object()) << response.body;
  EXPECT_EQ(body.as_object().size(), 3U) << response.body;
  EXPECT_EQ(body.at("status").as_string(), "error");
  EXPECT_FALSE(body.at("code").as_string().empty());
  EXPECT_FALSE(body.at("message").as_string().empty());
}

class BadInput : public MasterFixture {
 protected:
  void TearDown() override {
    expect_healthy();
    MasterFixture::TearDown();
  }

  void expect_error(const HttpResponse& response, int status, const std::string& code) const {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(response.code(), code) << response.body;
    expect_error_shape(response);
  }
  std::string host() const { return "Host: 127.0.0.1:" + std::to_string(port()) + "\r\n"; }

  // A request whose head is refused: an answer, then the end of the connection.
  void expect_refused_and_closed(const std::string& bytes, int status, const std::string& code) {
    HttpClient client = connect();
    client.send(bytes);
    const auto response = client.read();
    ASSERT_TRUE(response) << bytes.substr(0, 200);
    expect_error(*response, status, code);
    EXPECT_EQ(response->header("connection"), "close");
    EXPECT_TRUE(client.closed_by_server());
  }
};

TEST_F(BadInput, Bodies) {
  std::string nested(100'000, '[');
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  for (const std::string& path : kCallsWithBody) {
    expect_error(post(path, ""), 400, "empty_body");
    expect_error(post(path, " \n"), 400, "empty_body");
    expect_error(post(path, "name=work"), 400, "malformed_json");
    expect_error(post(path, "{\"name\":\"\xFF\xFE\"}"), 400, "malformed_json");
    expect_error(post(path, "\xEF\xBB\xBF{}"), 400, "malformed_json");
    expect_error(post(path, std::string("{}\0", 3)), 400, "malformed_json");
    expect_error(post(path, nested), 400, "malformed_json");
    expect_error(post(path, objects), 400, "malformed_json");
    expect_error(post(path, "[]"), 400, "wrong_type");
    expect_error(post(path, "null"), 400, "wrong_type");
    expect_error(post(path, "{}"), 400, "missing_field");
    expect_error(post(path, R"({"x":1,"x":2})"), 400, "duplicate_field");
    expect_error(post(path, R"({"names":"x"})"), 400, "unknown_field");
  }
}

TEST_F(BadInput, ATemplateCutAtEveryByteIsNeverTaken) {
  const std::string whole = template_document("任务");
  HttpClient client = connect();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto response = client.post("/api/task/task_group", whole.substr(0, length));
    ASSERT_TRUE(response) << length;
    EXPECT_EQ(response->status, 400) << length;
    expect_error_shape(*response);
  }
  EXPECT_EQ(client.post("/api/task/query", R"({"name":"任务"})")->status, 404);
}

TEST_F(BadInput, ARequestCutAtEveryByteIsNeverTaken) {
  const std::string whole =
      connect().request("POST", "/api/task/task_group", template_document("work"));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    HttpClient client = connect();
    client.send(whole.substr(0, length));
    client.end_sending();
    EXPECT_TRUE(client.closed_by_server()) << length;
  }
  EXPECT_EQ(post("/api/task/query", R"({"name":"work"})").status, 404);
}

TEST_F(BadInput, PlacesAreNamedAsPointers) {
  const HttpResponse response =
      post("/api/task/task_group",
           R"({"name":"n","task_groups":[{"tasks":[{"name":"a","config":{"command":"c"}},)"
           R"({"name":"b","config":{"command":7}}]}]})");
  expect_error(response, 400, "wrong_type");
  EXPECT_NE(response.message().find("at /task_groups/0/tasks/1/config/command:"),
            std::string::npos);
}

TEST_F(BadInput, Names) {
  const std::string long_name(256, 'n');
  for (const std::string& name : {std::string(), long_name, std::string("a\\u0000b"),
                                  std::string("a\\nb"), std::string("\\u009f")}) {
    expect_error(post("/api/task/task_group", template_document(name)), 400, "invalid_value");
    expect_error(post("/api/task/query", R"({"name":")" + name + "\"}"), 400, "invalid_value");
    expect_error(post("/api/task/task_group/deploy", R"({"name":")" + name + "\"}"), 400,
                 "invalid_value");
  }
  create_template(std::string(255, 'n'));
}

TEST_F(BadInput, Ids) {
  for (const char* id : {"", "x", "0192f3a0-7b1c-7def-8123-456789abcde", "../../etc/passwd"}) {
    const std::string body = std::string(R"({"id":")") + id + "\"}";
    expect_error(post("/api/task/task_group/query", body), 400, "invalid_id");
    expect_error(post("/api/task/task_group/stop", body), 400, "invalid_id");
  }
}

TEST_F(BadInput, Methods) {
  for (const std::string& path : kCallsWithBody) {
    const HttpResponse response = get(path);
    expect_error(response, 405, "method_not_allowed");
    EXPECT_EQ(response.header("allow"), "POST, OPTIONS");
  }
  HttpClient client = connect();
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH"}) {
    client.send(client.request(method, "/api/task/node", "{}"));
    const auto response = client.read();
    ASSERT_TRUE(response) << method;
    expect_error(*response, 405, "method_not_allowed");
    EXPECT_EQ(response->header("allow"), "GET, HEAD, OPTIONS");
  }
  for (const char* method : {"BREW", "CONNECT", "TRACE"}) {
    client.send(client.request(method, "/api/task/node", std::nullopt));
    expect_error(*client.read(), 501, "unsupported_method");
  }
}

TEST_F(BadInput, Paths) {
  HttpClient client = connect();
  for (const char* path :
       {"/api/task/nodes", "/api/task/node/", "//api/task/node", "/api/v1",
        "/api/task/../task/node", "/../../etc/passwd", "/api/task/%6eode", "/%2e%2e/etc/passwd"}) {
    expect_error(*client.get(path), 404, "unknown_path");
  }
  for (const char* path : {"/api/task/node%00", "/%00", "/%", "/%2", "/%zz", "x"}) {
    expect_error(*client.get(path), 400, "malformed_target");
  }
  expect_error(*client.post("/api/task/task_group/stop?dry_run=true", "{}"), 400,
               "unexpected_query");
}

TEST_F(BadInput, Heads) {
  expect_refused_and_closed("hello\r\n\r\n", 400, "malformed_request");
  expect_refused_and_closed("GET /healthz HTTP/1.1\r\n\r\n", 400, "malformed_request");
  expect_refused_and_closed("GET /healthz HTTP/3.0\r\n\r\n", 505, "unsupported_version");
  expect_refused_and_closed("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "unsupported_version");
  expect_refused_and_closed("GET /healthz HTTP/1.1\r\n" + host() + host() + "\r\n", 400,
                            "malformed_request");
}

TEST_F(BadInput, DoubtfulFraming) {
  const std::string post = "POST /api/task/query HTTP/1.1\r\n" + host();
  for (const char* headers :
       {"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
        "Content-Length: 2\r\nContent-Length: 2\r\n", "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Content-Length: 2, 2\r\n", "Content-Length: -2\r\n", "Content-Length: +2\r\n",
        "Content-Length: 0x2\r\n", "Content-Length: \r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    expect_refused_and_closed(post + headers + "\r\n{}", 400, "malformed_request");
  }
  for (const char* coding : {"gzip", "gzip, chunked", "identity", "chunked;x"}) {
    expect_refused_and_closed(post + "Transfer-Encoding: " + coding + "\r\n\r\n", 501,
                              "unsupported_transfer_encoding");
  }
  expect_refused_and_closed(post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400,
                            "malformed_request");
  expect_refused_and_closed(
      "POST /api/task/query HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
      "malformed_request");
}

TEST_F(BadInput, ForeignHostsAndOrigins) {
  expect_refused_and_closed("GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403,
                            "foreign_host");
  expect_refused_and_closed("GET /healthz HTTP/1.1\r\nHost: localhost:1\r\n\r\n", 403,
                            "foreign_host");
  for (const char* origin : {"http://evil.example", "null", "http://localhost:3000"}) {
    // Refused by its head alone: the body is never sent.
    expect_refused_and_closed("POST /api/task/task_group HTTP/1.1\r\n" + host() +
                                  "Origin: " + origin + "\r\nContent-Length: 100\r\n\r\n",
                              403, "foreign_origin");
  }
  const std::string own = "http://localhost:" + std::to_string(port());
  HttpClient client = connect();
  EXPECT_EQ(client.get("/healthz", "Origin: " + own + "\r\n")->status, 200);
}

TEST_F(BadInput, AHeaderOfOneMegabyte) {
  const std::string large(1024 * 1024, 'x');
  expect_refused_and_closed("GET /healthz HTTP/1.1\r\n" + host() + "X: " + large + "\r\n\r\n", 431,
                            "header_too_large");
  expect_refused_and_closed("GET /" + large + " HTTP/1.1\r\n" + host() + "\r\n", 414,
                            "target_too_long");
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "X" + std::to_string(i) + ": y\r\n";
  expect_refused_and_closed("GET /healthz HTTP/1.1\r\n" + host() + many + "\r\n", 431,
                            "header_too_large");
}

TEST_F(BadInput, ABodyAtTheLimit) {
  // JSON may be as long as it likes with white space.
  const std::string padded =
      template_document("work") +
      std::string(limits::kHttpBodyBytes - template_document("work").size(), ' ');
  EXPECT_EQ(post("/api/task/task_group", padded).status, 200);
  expect_error(post("/api/task/task_group", padded + " "), 413, "body_too_large");
}

TEST_F(BadInput, ABodyOfAHundredMegabytes) {
  constexpr std::size_t kTotal = 100 * 1024 * 1024;
  const std::string piece(64 * 1024, ' ');
  const std::size_t before = private_bytes();
  for (const bool chunked : {false, true}) {
    HttpClient client = connect();
    client.send("POST /api/task/task_group HTTP/1.1\r\n" + host() +
                (chunked ? std::string("Transfer-Encoding: chunked\r\n\r\n")
                         : "Content-Length: " + std::to_string(kTotal) + "\r\n\r\n"));
    std::size_t sent = 0;
    const std::string part = chunked ? "10000\r\n" + piece + "\r\n" : piece;
    while (sent < kTotal && client.send(part)) sent += piece.size();
    EXPECT_LT(sent, kTotal) << "the server stops reading";
    const auto response = client.read();
    ASSERT_TRUE(response);
    expect_error(*response, 413, "body_too_large");
  }
  EXPECT_LT(private_bytes(), before + 32 * 1024 * 1024);
}

}  // namespace
}  // namespace drover::test
