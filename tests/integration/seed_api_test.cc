// The six calls on a real master and real agents.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/cluster.h"

namespace drover::test {
namespace {

using testing::MatchesRegex;

class SeedApi : public testing::Test {
 protected:
  void SetUp() override { cluster_.start_master(); }

  Cluster cluster_;
};

TEST_F(SeedApi, ATemplateIsDeployedRunsAndIsStopped) {
  cluster_.start_agent(0);
  cluster_.await_online(1);
  const std::string document =
      R"({"name":"我的数据处理任务","task_groups":[{"tasks":[)"
      R"({"name":"数据清洗器","config":{"command":"echo 清洗; exec sleep 600"}},)"
      R"({"name":"数据分析器","config":{"command":"sleep","args":["600"]}}]}]})";
  EXPECT_EQ(R"({"status":"success"})", cluster_.post("/api/task/task_group", document).body);
  EXPECT_EQ(document, cluster_.post("/api/task/query", R"({"name":"我的数据处理任务"})").body);

  const std::string id = cluster_.deploy("我的数据处理任务");
  EXPECT_THAT(id,
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  // Both tasks of the group run side by side on one node.
  EXPECT_TRUE(eventually([&] { return processes_with("DROVER_INSTANCE_ID=" + id).size() == 2; }));
  EXPECT_EQ(R"({"id":")" + id + R"(","status":0})",
            cluster_.post("/api/task/task_group/query", R"({"id":")" + id + R"("})").body);
  EXPECT_TRUE(eventually([&] { return cluster_.output(0, id) == "清洗\n"; }));

  cluster_.stop(id);
  cluster_.await_status(id, 1);
  EXPECT_TRUE(eventually([&] { return processes_with("DROVER_INSTANCE_ID=" + id).empty(); }));
  // Again, and again after it has become history.
  cluster_.stop(id);
  EXPECT_EQ(1, cluster_.status(id));
}

TEST_F(SeedApi, NodesAreListedOnlineAndOffline) {
  EXPECT_EQ(R"({"nodes":[]})", cluster_.get("/api/task/node").body);
  cluster_.start_agent(0);
  cluster_.start_agent(1);
  cluster_.await_online(2);
  const std::string body = cluster_.get("/api/task/node").body;
  const std::string node =
      R"(\{"ip":"127\.0\.0\.[12]","status":0,)"
      R"("resources":"cpu_usage_percent:[0-9]+,memory_usage_percent:[0-9]+"\})";
  EXPECT_THAT(body, MatchesRegex(R"(\{"nodes":\[)" + node + "," + node + R"(\]\})"));
  // Memory is never at 0 %: the heartbeat carries what /proc says.
  EXPECT_TRUE(eventually([&] {
    return cluster_.get("/api/task/node").body.find("memory_usage_percent:0") == std::string::npos;
  }));

  cluster_.agent(1).signal(SIGTERM);
  cluster_.agent(1).wait();
  const std::string offline =
      R"({"ip":"127.0.0.2","status":1,"resources":"cpu_usage_percent:0,memory_usage_percent:0"})";
  EXPECT_TRUE(eventually(
      [&] { return cluster_.get("/api/task/node").body.find(offline) != std::string::npos; }));
}

TEST_F(SeedApi, WhatIsDeployedBeforeAnyNodeStartsWhenOneAppears) {
  cluster_.create("early", "echo here");
  const std::string id = cluster_.deploy("early");
  EXPECT_EQ(1, cluster_.status(id));
  cluster_.start_agent(0);
  EXPECT_TRUE(eventually([&] { return cluster_.output(0, id) == "here\n"; }));
}

TEST_F(SeedApi, ATaskSeesItsCleanEnvironment) {
  cluster_.start_agent(0);
  cluster_.create(R"({"name":"环境","task_groups":[{"tasks":[{"name":"打印","config":)"
                  R"({"command":"/usr/bin/env","args":[],"env":{"MINE":"yes"}}}]}]})");
  const std::string id = cluster_.deploy("环境");
  EXPECT_TRUE(eventually(
      [&] { return cluster_.output(0, id).find("DROVER_NODE_ID=") != std::string::npos; }));
  std::map<std::string, std::string> variables;
  std::istringstream lines(cluster_.output(0, id));
  for (std::string line; std::getline(lines, line);) {
    variables[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
  }
  EXPECT_EQ("yes", variables["MINE"]);
  EXPECT_EQ(id, variables["DROVER_INSTANCE_ID"]);
  EXPECT_EQ(id + ".0.1", variables["DROVER_ALLOCATION_ID"]);
  EXPECT_EQ("环境", variables["DROVER_TEMPLATE"]);
  EXPECT_EQ("0", variables["DROVER_GROUP"]);
  EXPECT_EQ("0", variables["DROVER_INDEX"]);
  EXPECT_EQ("打印", variables["DROVER_TASK"]);
  EXPECT_EQ("1", variables["DROVER_ATTEMPT"]);
  for (const char* name : {"PATH", "HOME", "USER", "LANG"}) EXPECT_EQ(1u, variables.count(name));
  // Nothing of the agent's own environment leaks in.
  EXPECT_EQ(0u, variables.count("PWD"));
  EXPECT_LE(variables.size(), 14u);
}

TEST_F(SeedApi, ABurstSpreadsEvenlyOverEqualNodes) {
  constexpr int kNodes = 10;
  constexpr int kDeploys = 1000;
  for (int node = 0; node < kNodes; ++node) cluster_.start_agent(node);
  cluster_.await_online(kNodes);
  const std::string file = cluster_.directory() + "/placed";
  cluster_.create("burst", "echo $DROVER_NODE_ID >> " + file + "; exec sleep 600");
  for (int deploy = 0; deploy < kDeploys; ++deploy) cluster_.deploy("burst");

  std::map<std::string, int> placed;
  EXPECT_TRUE(eventually([&] {
    placed.clear();
    int lines = 0;
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line); ++lines) ++placed[line];
    return lines == kDeploys;
  }));
  ASSERT_EQ(static_cast<std::size_t>(kNodes), placed.size());
  int least = kDeploys;
  int most = 0;
  for (const auto& [node, count] : placed) {
    least = std::min(least, count);
    most = std::max(most, count);
  }
  EXPECT_LE(most - least, kDeploys / kNodes / 20) << "least " << least << ", most " << most;
}

}  // namespace
}  // namespace drover::test
