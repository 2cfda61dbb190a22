// Services that change while they run, and nodes that are emptied: real master, agents, processes.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <fstream>
#include <set>
#include <string>

#include "tests/support/cluster.h"

namespace drover::test {
namespace {

namespace json = boost::json;

class Rollout : public testing::Test {
 protected:
  void SetUp() override {
    cluster_.start_master();
    cluster_.start_agent(0);
    cluster_.start_agent(1);
    cluster_.await_online(2);
  }

  // A service of two copies that says which version it is, if it lives at all.
  std::string web(const std::string& command) const {
    return R"({"name":"web","kind":"service","task_groups":[{"name":"web","count":2,)"
           R"("update":{"max_parallel":1,"min_healthy_time":"200ms","healthy_deadline":"20s"},)"
           R"("tasks":[{"name":"t","config":{"command":")" +
           command + R"(","stop_grace":"5s"}}]}]})";
  }

  json::value get(const std::string& path) const {
    return json::parse(cluster_.get("/api/v1/" + path).body);
  }
  json::value show(const std::string& id) const { return get("instances/" + id); }
  std::string text(const json::value& value) const { return json::value_to<std::string>(value); }
  bool comes_to(const std::string& id, const std::string& state) const {
    return eventually([&] { return text(show(id).at("state")) == state; });
  }
  bool rollout_comes_to(const std::string& id, const std::string& state) const {
    return eventually([&] {
      const json::value shown = show(id);
      return shown.as_object().contains("rollout") &&
             text(shown.at("rollout").at("state")) == state;
    });
  }
  std::set<std::int64_t> versions_of(const std::string& id) const {
    std::set<std::int64_t> versions;
    const json::value shown = show(id);
    for (const json::value& copy : shown.at("groups").as_array()) {
      versions.insert(copy.at("version").as_int64());
    }
    return versions;
  }
  std::set<std::string> nodes_of(const std::string& id) const {
    std::set<std::string> nodes;
    const json::value shown = show(id);
    for (const json::value& copy : shown.at("groups").as_array()) {
      if (copy.as_object().contains("node")) nodes.insert(text(copy.at("node")));
    }
    return nodes;
  }
  int post(const std::string& path, const std::string& body = "{}") const {
    return cluster_.post("/api/v1/" + path, body).status;
  }

  Cluster cluster_;
};

TEST_F(Rollout, AServiceGetsANewVersionAndKeepsItWhereItIsWell) {
  cluster_.create(web("exec sleep 600"));
  const std::string id = cluster_.deploy("web");
  ASSERT_TRUE(comes_to(id, "running"));
  const Reply put = cluster_.put("/api/v1/templates", web("exec sleep 601"));
  EXPECT_EQ(put.body, R"({"name":"web","version":2})");
  EXPECT_EQ(versions_of(id), (std::set<std::int64_t>{1})) << "nothing changes unasked";
  EXPECT_EQ(post("instances/" + id + "/update"), 200);
  EXPECT_TRUE(rollout_comes_to(id, "updated"));
  EXPECT_EQ(versions_of(id), (std::set<std::int64_t>{2}));
  EXPECT_EQ(show(id).at("groups").as_array().size(), 2U);
  EXPECT_EQ(text(show(id).at("state")), "running");
}

TEST_F(Rollout, AVersionThatFailsIsTakenBack) {
  cluster_.create(web("exec sleep 600"));
  const std::string id = cluster_.deploy("web");
  ASSERT_TRUE(comes_to(id, "running"));
  cluster_.put("/api/v1/templates", web("exit 7"));
  EXPECT_EQ(post("instances/" + id + "/update"), 200);
  EXPECT_TRUE(rollout_comes_to(id, "reverted"));
  EXPECT_EQ(versions_of(id), (std::set<std::int64_t>{1}));
  EXPECT_NE(text(show(id).at("rollout").at("reason")).find("copy 0 of group 'web' has failed"),
            std::string::npos);
  EXPECT_TRUE(comes_to(id, "running"));
  EXPECT_EQ(post("instances/" + id + "/update", R"({"version":9})"), 404);
}

TEST_F(Rollout, AServiceIsScaled) {
  cluster_.create(web("exec sleep 600"));
  const std::string id = cluster_.deploy("web");
  ASSERT_TRUE(comes_to(id, "running"));
  const auto has_copies = [&](std::size_t copies) {
    return eventually([&] {
      return show(id).at("groups").as_array().size() == copies &&
             text(show(id).at("state")) == "running";
    });
  };
  EXPECT_EQ(post("instances/" + id + "/scale", R"({"group":"web","count":4})"), 200);
  EXPECT_TRUE(has_copies(4));
  EXPECT_EQ(post("instances/" + id + "/scale", R"({"group":"web","count":1})"), 200);
  EXPECT_TRUE(has_copies(1));
  EXPECT_EQ(post("instances/" + id + "/scale", R"({"group":"we","count":1})"), 404);
  cluster_.stop(id);
  EXPECT_TRUE(comes_to(id, "stopped"));
}

TEST_F(Rollout, ADrainedNodeIsEmptyAndItsServiceHasNeverBeenAway) {
  cluster_.create(web("exec sleep 600"));
  cluster_.create("job", "exec sleep 600");
  const std::string service = cluster_.deploy("web");
  const std::string job = cluster_.deploy("job");
  ASSERT_TRUE(comes_to(service, "running"));
  ASSERT_TRUE(comes_to(job, "running"));
  const std::string node = *nodes_of(job).begin();
  EXPECT_EQ(post("nodes/" + node + "/drain", R"({"deadline":"1h"})"), 200);
  // The master may be killed in the middle.
  cluster_.master().kill();
  cluster_.start_master();
  cluster_.await_online(2);
  EXPECT_TRUE(eventually([&] { return !nodes_of(service).contains(node); }));
  EXPECT_EQ(get("nodes/" + node).at("drain").at("left").as_int64(), 1) << "the job may go on";
  EXPECT_EQ(text(get("nodes/" + node).at("drain").at("state")), "draining");
  // Nothing new is placed there.
  EXPECT_FALSE(nodes_of(cluster_.deploy("job")).contains(node));

  EXPECT_EQ(post("nodes/" + node + "/drain", R"({"deadline":"1ms"})"), 200);
  EXPECT_TRUE(comes_to(job, "stopped"));
  EXPECT_TRUE(
      eventually([&] { return text(get("nodes/" + node).at("drain").at("state")) == "drained"; }));
  EXPECT_EQ(post("nodes/" + node + "/resume"), 200);
  EXPECT_FALSE(get("nodes/" + node).as_object().contains("drain"));
}

TEST_F(Rollout, OnlyServicesChange) {
  cluster_.create("job", "exec sleep 600");
  const std::string job = cluster_.deploy("job");
  EXPECT_EQ(post("instances/" + job + "/update"), 409);
  EXPECT_EQ(post("instances/" + job + "/scale", R"({"group":"0","count":2})"), 409);
  EXPECT_EQ(post("nodes/nothing/drain"), 404);
  EXPECT_EQ(cluster_.get("/api/v1/nodes/nothing").status, 404);
}

}  // namespace
}  // namespace drover::test
