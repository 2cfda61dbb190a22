// Where groups go, on a real master and real agents: room, constraints, and what waits.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <set>
#include <string>

#include "tests/support/cluster.h"

namespace drover::test {
namespace {

namespace json = boost::json;

class Placement : public testing::Test {
 protected:
  void SetUp() override { cluster_.start_master(); }

  void start_agents() {
    cluster_.start_agent(0, {"--label", "zone=north"});
    cluster_.start_agent(1, {"--label", "zone=south"});
    cluster_.await_online(2);
  }

  // A template of one group with these members, whose task runs until it is stopped.
  void create(const std::string& name, const std::string& members,
              const std::string& task_members = "") {
    cluster_.create(R"({"name":")" + name + R"(","task_groups":[{)" + members +
                    R"("tasks":[{"name":"t",)" + task_members +
                    R"("config":{"command":"exec sleep 600"}}]}]})");
  }

  json::value show(const std::string& id) const {
    return json::parse(cluster_.get("/api/v1/instances/" + id).body);
  }
  std::string state(const std::string& id) const {
    return json::value_to<std::string>(show(id).at("state"));
  }
  std::string cause(const std::string& id) const {
    return json::value_to<std::string>(show(id).at("cause"));
  }
  std::set<std::string> nodes_of(const std::string& id) const {
    std::set<std::string> nodes;
    const json::value shown = show(id);
    for (const json::value& group : shown.at("groups").as_array()) {
      if (group.as_object().contains("node")) {
        nodes.insert(json::value_to<std::string>(group.at("node")));
      }
    }
    return nodes;
  }
  bool comes_to(const std::string& id, const std::string& wanted) const {
    return eventually([&] { return state(id) == wanted; });
  }

  Cluster cluster_;
};

// As many cores as one node has: each node takes one of them.
std::string all_cores() {
  return R"("resources":{"cpu":)" + std::to_string(::sysconf(_SC_NPROCESSORS_ONLN)) + "},";
}

TEST_F(Placement, WhatDoesNotFitWaitsSaysWhyAndIsWoken) {
  start_agents();
  create("large", "", all_cores());
  const std::string first = cluster_.deploy("large");
  const std::string second = cluster_.deploy("large");
  const std::string third = cluster_.deploy("large");
  EXPECT_TRUE(comes_to(first, "running"));
  EXPECT_TRUE(comes_to(second, "running"));
  EXPECT_NE(nodes_of(first), nodes_of(second));
  EXPECT_EQ(state(third), "pending");
  EXPECT_NE(cause(third).find("no node that it may be on has as much left as it reserves: of 2 "
                              "nodes 2 have too little processor left; the nearest is "),
            std::string::npos)
      << cause(third);
  const json::value group = show(third).at("groups").at(0);
  EXPECT_EQ(group.at("waits_for"), "no_room");
  EXPECT_EQ(group.at("excluded").at("too_little_cpu"), 2);
  EXPECT_EQ(cluster_.status(third), 1);

  cluster_.stop(first);
  EXPECT_TRUE(comes_to(third, "running"));
}

TEST_F(Placement, AGroupGoesWhereItsConstraintsHold) {
  start_agents();
  create("south", R"("constraints":[{"attribute":"label.zone","value":"south"}],"count":3,)");
  create("west", R"("constraints":[{"attribute":"label.zone","value":"west"}],)");
  create("linux", R"("constraints":[{"attribute":"node.kernel","operator":">","value":"3"},)"
                  R"({"attribute":"node.memory","operator":">","value":"16MiB"},)"
                  R"({"attribute":"node.arch","operator":"exists"}],)");
  const std::string south = cluster_.deploy("south");
  const std::string west = cluster_.deploy("west");
  const std::string linux_id = cluster_.deploy("linux");
  EXPECT_TRUE(comes_to(south, "running"));
  EXPECT_TRUE(comes_to(linux_id, "running"));
  EXPECT_EQ(nodes_of(south).size(), 1U);
  EXPECT_NE(cause(west).find("of 2 nodes 2 are ruled out by label.zone = west"), std::string::npos)
      << cause(west);

  cluster_.start_agent(2, {"--label", "zone=west"});
  EXPECT_TRUE(comes_to(west, "running"));
}

TEST_F(Placement, CopiesAreSpread) {
  start_agents();
  create("apart", R"("spread":"label.zone","count":2,)");
  for (int round = 0; round < 3; ++round) {
    const std::string id = cluster_.deploy("apart");
    EXPECT_TRUE(comes_to(id, "running"));
    EXPECT_EQ(nodes_of(id).size(), 2U);
  }
}

TEST_F(Placement, AGangBeginsAsAWhole) {
  cluster_.start_agent(0);
  cluster_.await_online(1);
  cluster_.create(R"({"name":"crew","gang":true,"task_groups":[{"count":2,"tasks":[{"name":"t",)" +
                  all_cores() + R"("config":{"command":"exec sleep 600"}}]}]})");
  const std::string id = cluster_.deploy("crew");
  EXPECT_EQ(state(id), "pending");
  EXPECT_TRUE(nodes_of(id).empty());
  cluster_.start_agent(1);
  EXPECT_TRUE(comes_to(id, "running"));
  EXPECT_EQ(nodes_of(id).size(), 2U);
}

// The room of what is killed is free when it is gone, and a start of the master knows what is
// taken.
TEST_F(Placement, AStartOfTheMasterForgetsNoReservation) {
  start_agents();
  create("large", "", all_cores());
  const std::string first = cluster_.deploy("large");
  const std::string second = cluster_.deploy("large");
  EXPECT_TRUE(comes_to(first, "running"));
  EXPECT_TRUE(comes_to(second, "running"));
  cluster_.master().kill();
  cluster_.start_master();
  cluster_.await_online(2);
  const std::string third = cluster_.deploy("large");
  EXPECT_EQ(state(third), "pending");
  cluster_.stop(second);
  EXPECT_TRUE(comes_to(third, "running"));
}

}  // namespace
}  // namespace drover::test
