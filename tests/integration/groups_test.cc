// What a template says of its groups, on a real master and real agents.
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace drover::test
