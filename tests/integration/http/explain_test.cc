// Why copies have no node, what would help, and where a deploy would go.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <string>

#include "tests/integration/http/master_fixture.h"

namespace drover::test {
namespace {

namespace json = boost::json;

class Explain : public MasterFixture {
 protected:
  // Of one group with one task, whose copies reserve so much.
  void create(const std::string& name, const std::string& resources, const std::string& more = "") {
    const std::string document = R"({"name":")" + name + R"(","kind":"service","task_groups":[{)" +
                                 more + R"("tasks":[{"name":"t","config":{"command":"true"},)" +
                                 R"("resources":{)" + resources + "}}]}]}";
    ASSERT_EQ(post("/api/task/task_group", document).status, 200);
  }
  json::object explained(const std::string& id) const {
    return json::parse(get("/api/v1/instances/" + id + "/explain").body).as_object();
  }
  json::object waiting(const std::string& id) const {
    return explained(id).at("waiting").at(0).as_object();
  }
  static std::string advice(const json::object& waiting) {
    std::string all;
    for (const json::value& each : waiting.at("unblock").as_array()) {
      all += json::value_to<std::string>(each) + "\n";
    }
    return all;
  }
  json::object tried(const std::string& name) const {
    const HttpResponse answer =
        post("/api/v1/instances?dry_run=true", R"({"template":")" + name + "\"}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body).as_object();
  }
};

TEST_F(Explain, WithoutANodeAnAgentIsToBeStarted) {
  create("web", R"("cpu":1)");
  const std::string id = deploy("web");
  EXPECT_EQ(waiting(id).at("waits_for"), "no_node");
  EXPECT_NE(advice(waiting(id)).find("start an agent"), std::string::npos) << advice(waiting(id));
}

TEST_F(Explain, WhereRoomIsMissingItSaysHowMuchAndWhatCouldGo) {
  const Agent agent = agent_connects("10.0.0.1");
  create("large", R"("memory":"768MiB")");
  create("small", R"("memory":"64MiB")");
  create("more", R"("memory":"512MiB")", R"("name":"workers","count":2,)");
  deploy("small");
  const std::string large = deploy("large");
  const std::string id = deploy("more");
  const json::object copies = waiting(id);
  EXPECT_EQ(copies.at("name"), "workers");
  EXPECT_EQ(copies.at("copies"), 2);
  EXPECT_EQ(copies.at("waits_for"), "no_room");
  EXPECT_EQ(copies.at("excluded").at("too_little_memory"), 1);
  const std::string text = advice(copies);
  EXPECT_NE(text.find("320 MiB more on node " + agent.node.text()), std::string::npos) << text;
  EXPECT_NE(text.find("stop instance " + large), std::string::npos) << text;
}

TEST_F(Explain, WhatIsWithheldIsNamed) {
  const Agent away = agent_connects("10.0.0.1");
  const Agent drained = agent_connects("10.0.0.2");
  agent_leaves(away);
  post("/api/v1/nodes/" + drained.node.text() + "/drain", "");
  create("web", R"("cpu":1)");
  const std::string text = advice(waiting(deploy("web")));
  EXPECT_NE(text.find("resume node " + drained.node.text()), std::string::npos) << text;
  EXPECT_NE(text.find("bring back node " + away.node.text()), std::string::npos) << text;
}

TEST_F(Explain, AConstraintThatRulesOutTheMostIsNamed) {
  agent_connects("10.0.0.1");
  create("web", R"("cpu":1)", R"("constraints":[{"attribute":"label.zone","value":"north"}],)");
  const json::object copies = waiting(deploy("web"));
  EXPECT_EQ(copies.at("waits_for"), "no_match");
  EXPECT_NE(advice(copies).find("label.zone = north"), std::string::npos) << advice(copies);
}

TEST_F(Explain, WhatWaitsForNothingIsAnEmptyList) {
  agent_connects("10.0.0.1");
  create("web", R"("cpu":1)");
  EXPECT_TRUE(explained(deploy("web")).at("waiting").as_array().empty());
  EXPECT_EQ(get("/api/v1/instances/01930b7e-0000-7000-8000-000000000000/explain").code(),
            "unknown_instance");
}

TEST_F(Explain, ADeployThatIsTriedMakesNothing) {
  const Agent agent = agent_connects("10.0.0.1");
  create("web", R"("memory":"400MiB")", R"("name":"web","count":3,)");
  const json::object plan = tried("web");
  EXPECT_EQ(plan.at("version"), 1);
  ASSERT_EQ(plan.at("placed").as_array().size(), 2U);
  EXPECT_EQ(plan.at("placed").at(1).at("node"), json::string(agent.node.text()));
  EXPECT_EQ(plan.at("placed").at(1).at("index"), 1);
  EXPECT_EQ(plan.at("waiting").at(0).at("copies"), 1);
  EXPECT_EQ(view_->live_instances(), 0U);
  EXPECT_EQ(tried("web"), plan) << "it has taken no room";
  EXPECT_EQ(post("/api/v1/instances?dry_run=true", R"({"template":"x"})").code(),
            "unknown_template");
}

}  // namespace
}  // namespace drover::test
