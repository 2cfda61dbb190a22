// Instances of kind system: one copy on every node that fits, as nodes come, go and are drained, on
// real masters, agents and processes.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/cluster.h"

namespace drover::test {
namespace {

namespace json = boost::json;

std::string text(const json::value& value) { return json::value_to<std::string>(value); }

class System : public testing::Test {
 protected:
  void start_agents(int count) {
    for (int number = 0; number < count; ++number) cluster_.start_agent(number);
    cluster_.await_online(count);
  }

  // Its task holds a lock of its node for as long as it lives, and leaves a note where another copy
  // has it: two copies on one node are seen even where they meet for a moment only. `seconds`: of
  // its sleep, which tells versions apart.
  std::string guard(const std::string& seconds = "600", const std::string& members = "") const {
    return document("guard", members,
                    "flock -n -F -E 9 " + cluster_.directory() + "/$DROVER_NODE_ID.lock sleep " +
                        seconds + "; test $? != 9 || echo $DROVER_NODE_ID >> " + collisions());
  }
  std::string collisions() const { return cluster_.directory() + "/collisions"; }
  static std::string document(const std::string& name, const std::string& members,
                              const std::string& command) {
    return R"({"name":")" + name + R"(","kind":"system","task_groups":[{"name":"guard",)" +
           members +
           R"("update":{"max_parallel":1,"min_healthy_time":"500ms","healthy_deadline":"20s"},)"
           R"("tasks":[{"name":"t","config":{"command":")" +
           command + R"(","stop_grace":"5s"}}]}]})";
  }

  json::value get(const std::string& path) const {
    return json::parse(cluster_.get("/api/v1/" + path).body);
  }
  json::value show(const std::string& id) const { return get("instances/" + id); }
  int post(const std::string& path, const std::string& body = "{}") const {
    return cluster_.post("/api/v1/" + path, body).status;
  }
  std::string told_of(const std::string& id) const {
    return cluster_.get("/api/v1/instances/" + id).body;
  }

  // How many copies with a process each node has, by the version of its template.
  std::map<std::string, std::vector<std::int64_t>> copies_of(const std::string& id) const {
    std::map<std::string, std::vector<std::int64_t>> copies;
    const json::value shown = show(id);
    for (const json::value& copy : shown.at("groups").as_array()) {
      if (text(copy.at("state")) != "running") continue;
      copies[text(copy.at("node"))].push_back(copy.at("version").as_int64());
    }
    return copies;
  }
  // It has one copy, of that version, on so many nodes, and nothing else.
  bool comes_to(const std::string& id, std::size_t nodes, std::int64_t version = 1) const {
    return eventually([&] {
      const json::value shown = show(id);
      if (text(shown.at("state")) != "running") return false;
      if (shown.at("groups").as_array().size() != nodes) return false;
      const auto copies = copies_of(id);
      for (const auto& [node, versions] : copies) {
        if (versions != std::vector<std::int64_t>{version}) return false;
      }
      return copies.size() == nodes;
    });
  }
  bool rollout_comes_to(const std::string& id, const std::string& state) const {
    return eventually([&] {
      const json::value shown = show(id);
      return text(shown.at("rollout").at("state")) == state;
    });
  }
  // No copy has ever found another one on its node.
  void expect_never_two() const {
    EXPECT_FALSE(std::filesystem::exists(collisions())) << cluster_.log_tails(20000);
  }

  Cluster cluster_;
};

TEST_F(System, IsOnEveryNodeAlsoOnThoseThatJoinLater) {
  cluster_.start_master();
  start_agents(2);
  cluster_.create(guard());
  const std::string id = cluster_.deploy("guard");
  ASSERT_TRUE(comes_to(id, 2)) << told_of(id);
  EXPECT_EQ(cluster_.status(id), 0);
  cluster_.start_agent(2);
  EXPECT_TRUE(comes_to(id, 3)) << told_of(id);

  const Reply scaled =
      cluster_.post("/api/v1/instances/" + id + "/scale", R"({"group":"guard","count":5})");
  EXPECT_EQ(scaled.status, 409);
  EXPECT_NE(scaled.body.find(R"("code":"no_count")"), std::string::npos) << scaled.body;
  const Reply counted = cluster_.put("/api/v1/templates", guard("600", R"("count":2,)"));
  EXPECT_EQ(counted.status, 400);
  EXPECT_NE(counted.body.find("/task_groups/0/count"), std::string::npos) << counted.body;

  cluster_.stop(id);
  cluster_.await_status(id, 1);
  EXPECT_TRUE(eventually([&] { return text(show(id).at("state")) == "stopped"; }));
}

TEST_F(System, IsWhereItsConstraintsHold) {
  cluster_.start_master();
  cluster_.start_agent(0, {"--label", "zone=north"});
  cluster_.start_agent(1, {"--label", "zone=south"});
  cluster_.await_online(2);
  const auto only_in = [&](const std::string& zone) {
    return guard("600", R"("constraints":[{"attribute":"label.zone","value":")" + zone + R"("}],)");
  };
  cluster_.create(only_in("west"));
  const std::string id = cluster_.deploy("guard");
  EXPECT_TRUE(comes_to(id, 0)) << told_of(id);
  EXPECT_EQ(cluster_.status(id), 0) << "it waits for nodes, and nothing is wrong with it";

  cluster_.put("/api/v1/templates", only_in("north"));
  EXPECT_EQ(post("instances/" + id + "/update"), 200);
  ASSERT_TRUE(comes_to(id, 1, 2)) << told_of(id);
  const std::string north = copies_of(id).begin()->first;
  EXPECT_EQ(text(get("nodes/" + north).at("labels").at("zone")), "north");

  // Other constraints move it, and so do other labels.
  cluster_.put("/api/v1/templates", only_in("south"));
  EXPECT_EQ(post("instances/" + id + "/update"), 200);
  EXPECT_TRUE(comes_to(id, 1, 3)) << told_of(id);
  EXPECT_FALSE(copies_of(id).contains(north));
  cluster_.start_agent(0, {"--label", "zone=south"});
  EXPECT_TRUE(comes_to(id, 2, 3)) << told_of(id);
  cluster_.start_agent(1, {"--label", "zone=north"});
  EXPECT_TRUE(comes_to(id, 1, 3)) << told_of(id);
  EXPECT_TRUE(copies_of(id).contains(north));
}

TEST_F(System, LeavesADrainedNodeLastAndIsBackWhenItIs) {
  cluster_.start_master();
  start_agents(2);
  cluster_.create(guard());
  cluster_.create("job", "exec sleep 600");
  const std::string id = cluster_.deploy("guard");
  const std::string job = cluster_.deploy("job");
  ASSERT_TRUE(comes_to(id, 2)) << told_of(id);
  ASSERT_TRUE(eventually([&] { return copies_of(job).size() == 1; }));
  const std::string node = copies_of(job).begin()->first;
  const auto drain_is = [&](const std::string& state) {
    return eventually([&] { return text(get("nodes/" + node).at("drain").at("state")) == state; });
  };
  EXPECT_EQ(post("nodes/" + node + "/drain", R"({"deadline":"1h"})"), 200);
  EXPECT_TRUE(drain_is("draining"));
  EXPECT_EQ(get("nodes/" + node).at("drain").at("left").as_int64(), 2) << "the job may go on";
  EXPECT_TRUE(copies_of(id).contains(node)) << "as long as there is something left to watch over";
  cluster_.stop(job);
  EXPECT_TRUE(drain_is("drained"));
  EXPECT_TRUE(comes_to(id, 1)) << told_of(id);
  EXPECT_FALSE(copies_of(id).contains(node));
  // That it is drained outlives a master.
  cluster_.master().kill();
  cluster_.start_master();
  cluster_.await_online(2);
  EXPECT_TRUE(comes_to(id, 1)) << told_of(id);
  EXPECT_EQ(post("nodes/" + node + "/resume"), 200);
  EXPECT_TRUE(comes_to(id, 2)) << told_of(id);
  expect_never_two();
}

TEST_F(System, AnotherVersionGoesFromNodeToNodeAcrossAMasterThatIsKilled) {
  cluster_.start_master();
  start_agents(3);
  cluster_.create(guard("600"));
  const std::string id = cluster_.deploy("guard");
  ASSERT_TRUE(comes_to(id, 3)) << told_of(id);
  cluster_.put("/api/v1/templates", guard("601"));
  EXPECT_EQ(post("instances/" + id + "/update"), 200);
  const auto updated = [&] {
    std::size_t nodes = 0;
    for (const auto& [node, versions] : copies_of(id)) {
      if (versions == std::vector<std::int64_t>{2}) ++nodes;
    }
    return nodes;
  };
  ASSERT_TRUE(eventually([&] { return updated() >= 1; })) << told_of(id);
  EXPECT_LT(updated(), 3U) << "one node after the other";
  cluster_.master().kill();
  cluster_.start_master();
  EXPECT_TRUE(rollout_comes_to(id, "updated")) << told_of(id);
  EXPECT_EQ(cluster_.log_lines("quarantined"), "") << "also the version before is there";
  EXPECT_TRUE(comes_to(id, 3, 2)) << told_of(id);
  expect_never_two();
}

TEST_F(System, AVersionThatFailsIsTakenBack) {
  cluster_.start_master();
  start_agents(2);
  cluster_.create(guard());
  const std::string id = cluster_.deploy("guard");
  ASSERT_TRUE(comes_to(id, 2)) << told_of(id);
  cluster_.put("/api/v1/templates", document("guard", "", "exit 7"));
  EXPECT_EQ(post("instances/" + id + "/update"), 200);
  EXPECT_TRUE(rollout_comes_to(id, "reverted")) << told_of(id);
  EXPECT_TRUE(comes_to(id, 2)) << told_of(id);
  EXPECT_NE(text(show(id).at("rollout").at("reason")).find("of group 'guard' has failed"),
            std::string::npos)
      << told_of(id);
  expect_never_two();
}

TEST_F(System, ANodeThatIsGivenUpIsNotReplacedAndHasItsCopyAgainWhenItIsBack) {
  cluster_.start_master({"--lease", "2s", "--heartbeat-interval", "500ms", "--lost-after", "1s"});
  start_agents(3);
  cluster_.create(guard());
  const std::string id = cluster_.deploy("guard");
  ASSERT_TRUE(comes_to(id, 3)) << told_of(id);
  const auto before = copies_of(id);
  // Its supervisor and the task live on.
  cluster_.agent(2).kill();
  EXPECT_TRUE(comes_to(id, 2)) << told_of(id);
  cluster_.start_agent(2);
  EXPECT_TRUE(comes_to(id, 3)) << told_of(id);
  EXPECT_EQ(copies_of(id), before);
  expect_never_two();
}

}  // namespace
}  // namespace drover::test
