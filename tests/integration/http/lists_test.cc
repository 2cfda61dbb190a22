// Templates and nodes as the API of its own lists and shows them.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/integration/http/master_fixture.h"

namespace drover::test {
namespace {

namespace json = boost::json;

class Templates : public MasterFixture {
 protected:
  static std::string document(const std::string& name, const std::string& more = "") {
    return R"({"name":")" + name + R"(","task_groups":[{"tasks":[{"name":"t",)" +
           R"("config":{"command":"true"}}]}])" + more + "}";
  }
  int put(const std::string& body, const std::string& query = "",
          const std::string& headers = "") const {
    return exchange("PUT /api/v1/templates" + query + " HTTP/1.1\r\nHost: localhost\r\n" + headers +
                    "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
        .status;
  }
  HttpResponse at(const std::string& path) const {
    return MasterFixture::get("/api/v1/templates" + path);
  }
  json::value get(const std::string& path) const { return json::parse(at(path).body); }
  static std::string names(const json::value& page) {
    std::string all;
    for (const json::value& each : page.at("templates").as_array()) {
      all += json::value_to<std::string>(each.at("name")) + " ";
    }
    return all;
  }
  std::string code(const std::string& path) const { return at(path).code(); }
};

TEST_F(Templates, AreListedInPages) {
  EXPECT_EQ(names(get("")), "");
  for (const char* name : {"d", "b", "\u732b", "a/1", "c"}) ASSERT_EQ(put(document(name)), 200);
  EXPECT_EQ(names(get("")), "a/1 b c d \u732b ");
  const json::value first = get("?limit=2");
  EXPECT_EQ(names(first), "a/1 b ");
  EXPECT_EQ(first.at("cursor"), "b");
  EXPECT_EQ(names(get("?limit=2&cursor=b")), "c d ");
  const json::value last = get("?limit=2&cursor=d");
  EXPECT_EQ(names(last), "\u732b ");
  EXPECT_FALSE(last.as_object().contains("cursor"));
  // One that has gone, or never was, says where to go on all the same.
  EXPECT_EQ(names(get("?cursor=bb")), "c d \u732b ");
  EXPECT_EQ(code("?limit=1001"), "unexpected_query");
}

TEST_F(Templates, EachVersionComesBackAsItWasGiven) {
  const std::string one = document("work", R"(,"labels":{"n":"1"})");
  const std::string two = document("work", R"(,"labels":{"n":"2"})");
  ASSERT_EQ(put(one), 200);
  ASSERT_EQ(put(two), 200);
  EXPECT_EQ(at("/work").body,
            R"({"name":"work","version":2,"versions":[1,2],"template":)" + two + "}");
  EXPECT_EQ(at("/work?version=1").body,
            R"({"name":"work","version":1,"versions":[1,2],"template":)" + one + "}");
  EXPECT_EQ(code("/work?version=3"), "unknown_version");
  EXPECT_EQ(code("/other"), "unknown_template");
  ASSERT_EQ(put(document("a/b c")), 200);
  EXPECT_EQ(get("/a%2Fb%20c").at("name"), "a/b c");
}

TEST_F(Templates, CanBeTriedWithoutBeingTaken) {
  EXPECT_EQ(put(document("work"), "?dry_run=true"), 200);
  EXPECT_EQ(code("/work"), "unknown_template");
  EXPECT_EQ(put(R"({"name":"work"})", "?dry_run=true"), 400);
  EXPECT_EQ(put(document("work"), "?dry_run=perhaps"), 400);
  EXPECT_EQ(put(document("work"), "?dry_run=false"), 200);
  EXPECT_EQ(code("/work"), "");
}

TEST_F(Templates, AreReplacedOnlyWhereTheyAreAsExpected) {
  const std::string one = document("work", R"(,"labels":{"n":"1"})");
  const std::string two = document("work", R"(,"labels":{"n":"2"})");
  EXPECT_EQ(put(one, "", "If-Match: \"1\"\r\n"), 412) << "there is none";
  EXPECT_EQ(put(one, "", "If-None-Match: *\r\n"), 200);
  EXPECT_EQ(put(two, "", "If-None-Match: *\r\n"), 412) << "there is one";
  EXPECT_EQ(at("/work").header("etag"), "\"1\"");
  EXPECT_EQ(put(two, "", "If-Match: \"1\"\r\n"), 200);
  EXPECT_EQ(put(one, "", "If-Match: \"1\"\r\n"), 412) << "somebody was faster";
  EXPECT_EQ(get("/work").at("version"), 2);
  EXPECT_EQ(put(one, "", "If-Match: 2\r\n"), 400) << "without quotes";
}

TEST_F(Templates, AreRemoved) {
  const auto remove = [this](const std::string& path) {
    return exchange("DELETE /api/v1/templates" + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  };
  EXPECT_EQ(remove("/work").code(), "unknown_template");
  ASSERT_EQ(put(document("work")), 200);
  ASSERT_EQ(put(document("other")), 200);
  EXPECT_EQ(remove("/work").status, 200);
  EXPECT_EQ(code("/work"), "unknown_template");
  EXPECT_EQ(names(get("")), "other ");
  EXPECT_EQ(post("/api/task/query", R"({"name":"work"})").code(), "unknown_template");
  EXPECT_EQ(post("/api/task/task_group/deploy", R"({"name":"work"})").code(), "unknown_template");
  // Anew, also with the same content, and with the next number.
  ASSERT_EQ(put(document("work"), "", "If-None-Match: *\r\n"), 200);
  EXPECT_EQ(at("/work").body,
            R"({"name":"work","version":2,"versions":[2],"template":)" + document("work") + "}");
  const std::string id = deploy("work");
  EXPECT_EQ(remove("/work").code(), "template_in_use");
  EXPECT_EQ(remove("/work?force=true").status, 200);
  EXPECT_EQ(code("/work"), "unknown_template");
  EXPECT_EQ(status(id), 1) << "it waits for a node as before";
  const auto shown = json::parse(MasterFixture::get("/api/v1/instances/" + id).body);
  EXPECT_EQ(shown.at("groups").at(0).at("tasks").at(0).at("name"), "t") << "its names are known";
}

TEST_F(Templates, AreNotSentTwice) {
  ASSERT_EQ(put(document("work")), 200);
  HttpClient client = connect();
  const auto same = client.get("/api/v1/templates/work", "If-None-Match: \"1\"\r\n");
  ASSERT_TRUE(same);
  EXPECT_EQ(same->status, 304);
  EXPECT_EQ(same->header("content-length"), "");
  const auto next = client.get("/healthz");
  ASSERT_TRUE(next) << "an answer without a body leaves the connection as it was";
}

class Nodes : public MasterFixture {
 protected:
  json::value page(const std::string& query) const {
    return json::parse(get("/api/v1/nodes" + query).body);
  }
};

TEST_F(Nodes, AreListedInPages) {
  EXPECT_TRUE(page("").at("nodes").as_array().empty());
  std::set<std::string> wanted;
  for (const char* ip : {"10.0.0.1", "10.0.0.2", "10.0.0.3"}) {
    const Agent agent = agent_connects(ip);
    wanted.insert(agent.node.text());
    agent_reports_load(agent, 12, 34);
  }
  std::vector<std::string> seen;
  std::string cursor;
  for (int pages = 0; pages < 3; ++pages) {
    const json::value one = page("?limit=1" + cursor);
    const json::array& nodes = one.at("nodes").as_array();
    ASSERT_EQ(nodes.size(), 1U);
    seen.push_back(json::value_to<std::string>(nodes[0].at("id")));
    EXPECT_EQ(nodes[0].at("online"), true);
    EXPECT_EQ(nodes[0].at("used").at("cpu_percent"), 12);
    EXPECT_EQ(nodes[0].at("capacity").at("cpu"), 4);
    EXPECT_EQ(one.as_object().contains("cursor"), pages < 2);
    cursor = "&cursor=" + seen.back();
  }
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), wanted);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(get("/api/v1/nodes?cursor=x").code(), "unexpected_query");
  EXPECT_EQ(get("/api/v1/nodes?limit=0").code(), "unexpected_query");
}

TEST_F(Nodes, TellTheirLoadAndWhenTheyWereHeardOf) {
  const Agent agent = agent_connects("10.0.0.1");
  agent_reports_load(agent, 20, 40);
  const json::value node = json::parse(get("/api/v1/nodes/" + agent.node.text()).body);
  EXPECT_EQ(node.at("last_heartbeat").as_string().size(), 24U);
  ASSERT_FALSE(node.at("history").as_array().empty());
  const json::value last = node.at("history").as_array().back();
  EXPECT_LE(last.at("cpu_percent").as_int64(), 20);
  EXPECT_LE(last.at("memory_percent").as_int64(), 40);
}

TEST_F(Nodes, AreForgottenWhenTheyAreOfflineAndEmpty) {
  const auto remove = [this](const std::string& id) {
    return exchange("DELETE /api/v1/nodes/" + id + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  };
  const Agent agent = agent_connects("10.0.0.1");
  const std::string id = agent.node.text();
  EXPECT_EQ(remove(id).code(), "node_online");
  create_template("work");
  const std::string instance = deploy("work");
  agent_leaves(agent);
  EXPECT_EQ(remove(id).code(), "node_in_use");
  EXPECT_EQ(remove("01930b7e-0000-7000-8000-000000000000").code(), "unknown_node");
  const Agent empty = agent_connects("10.0.0.2");
  agent_leaves(empty);
  EXPECT_EQ(remove(empty.node.text()).status, 200);
  EXPECT_EQ(get("/api/v1/nodes/" + empty.node.text()).status, 404);
  EXPECT_EQ(json::parse(get("/api/v1/cluster").body).at("nodes"), 1);
  EXPECT_NE(get("/api/v1/events?kind=node.removed").body.find(empty.node.text()),
            std::string::npos);
}

}  // namespace
}  // namespace drover::test
