// What a template says of its groups, on a real master and real agents.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "tests/support/cluster.h"

namespace drover::test {
namespace {

std::set<std::string> lines_of(const std::string& path) {
  std::set<std::string> lines;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) lines.insert(line);
  return lines;
}

TEST(Groups, EachCopyOfAGroupKnowsWhichOneItIs) {
  Cluster cluster;
  cluster.start_master();
  cluster.start_agent(0);
  cluster.start_agent(1);
  cluster.await_online(2);
  const std::string file = cluster.directory() + "/copies";
  const std::string task = R"({"tasks":[{"name":"t","config":{"command":"echo $DROVER_GROUP )"
                           R"($DROVER_INDEX >> )" +
                           file + R"("}}])";
  cluster.create(R"({"name":"copies","task_groups":[)" + task + R"(,"name":"工人","count":3},)" +
                 task + R"(,"count":2}]})");
  const std::string id = cluster.deploy("copies");
  cluster.await_status(id, 1);
  EXPECT_EQ(lines_of(file), (std::set<std::string>{"工人 0", "工人 1", "工人 2", "1 0", "1 1"}));

  const Reply shown = cluster.get("/api/v1/instances/" + id);
  EXPECT_NE(shown.body.find(R"("state":"completed")"), std::string::npos) << shown.body;
  EXPECT_NE(shown.body.find(R"("group":0,"name":"工人","index":2)"), std::string::npos)
      << shown.body;
  EXPECT_NE(shown.body.find(R"("group":1,"index":1)"), std::string::npos) << shown.body;
}

TEST(Parameters, ReachTheTaskAndAreNeverAProgram) {
  Cluster cluster;
  cluster.start_master();
  cluster.start_agent(0);
  cluster.await_online(1);
  const std::string file = cluster.directory() + "/values";
  cluster.create(
      R"({"name":"report","parameters":{"input":{},"size":{"default":"10"}},"task_groups":[{"tasks":[)"
      R"({"name":"shell","config":{"command":"echo \"shell: ${input} ${size} ${PATH:+path}\" >> )" +
      file +
      R"("}},{"name":"program","config":{"command":"/bin/sh","args":["-c","echo \"$@\" $V >> )" +
      file + R"(","sh","program:","${input}","$${size}"],"env":{"V":"<${size}>"}}}]}]})");

  const auto deploy = [&](const std::string& parameters) {
    return cluster.post("/api/v1/instances",
                        R"({"template":"report","parameters":)" + parameters + "}");
  };
  const std::string sneaky = R"(a b; touch )" + cluster.directory() + R"(/broken $(false) *)";
  const Reply reply = deploy(R"({"input":")" + sneaky + R"("})");
  ASSERT_EQ(200, reply.status) << reply.body;
  const std::string id = reply.body.substr(7, 36);
  cluster.await_status(id, 1);
  EXPECT_EQ(lines_of(file), (std::set<std::string>{"shell: " + sneaky + " 10 path",
                                                   "program: " + sneaky + " ${size} <10>"}));
  EXPECT_FALSE(std::filesystem::exists(cluster.directory() + "/broken"));
  const std::string shown = cluster.get("/api/v1/instances/" + id).body;
  EXPECT_NE(shown.find(R"("size":"10")"), std::string::npos) << shown;

  const Reply unknown = deploy(R"({"input":"a","colour":"red"})");
  EXPECT_EQ(400, unknown.status);
  EXPECT_NE(
      unknown.body.find("at /parameters/colour: no such parameter; declared are: input, size"),
      std::string::npos)
      << unknown.body;
  const Reply missing = deploy("{}");
  EXPECT_EQ(400, missing.status);
  EXPECT_NE(missing.body.find("at /parameters/input: is missing"), std::string::npos)
      << missing.body;
  const Reply by_name = cluster.post("/api/task/task_group/deploy", R"({"name":"report"})");
  EXPECT_EQ(400, by_name.status);
  EXPECT_NE(by_name.body.find("POST /api/v1/instances takes them"), std::string::npos)
      << by_name.body;
}

TEST(Service, IsKeptRunningUntilItIsStopped) {
  Cluster cluster;
  cluster.start_master();
  cluster.start_agent(0);
  cluster.await_online(1);
  const std::string file = cluster.directory() + "/lives";
  cluster.create(
      R"({"name":"web","kind":"service","task_groups":[{"tasks":[{"name":"t","config":{"command":)"
      R"("echo $DROVER_ALLOCATION_ID >> )" +
      file + R"(; test $(wc -l < )" + file + R"() -lt 3 || exec sleep 600"}}]}]})");
  const std::string id = cluster.deploy("web");
  EXPECT_TRUE(eventually([&] { return lines_of(file).size() == 3; }));
  cluster.stop(id);
  std::string shown;
  EXPECT_TRUE(eventually([&] {
    shown = cluster.get("/api/v1/instances/" + id).body;
    return shown.find(R"("state":"stopped")") != std::string::npos;
  })) << shown;
}

}  // namespace
}  // namespace drover::test
