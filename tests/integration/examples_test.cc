// Every example of deploy/examples runs as it stands.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/cluster.h"

namespace drover::test {
namespace {

namespace json = boost::json;

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::vector<std::filesystem::path> examples() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(DROVER_SOURCE_DIR "/deploy/examples")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  return files;
}

TEST(Examples, EachRunsAsItStands) {
  Cluster cluster;
  cluster.start_master();
  cluster.start_agent(0);
  cluster.start_agent(1);
  cluster.await_online(2);
  const std::string page = read_file(DROVER_SOURCE_DIR "/deploy/examples/README.md");
  const auto files = examples();
  EXPECT_GE(files.size(), 13U);
  for (const auto& file : files) {
    EXPECT_NE(page.find("`" + file.filename().string() + "`"), std::string::npos)
        << file << " is not in the table of README.md";
    const std::string document = read_file(file);
    const Reply put = cluster.put("/api/v1/templates", document);
    ASSERT_EQ(put.status, 200) << file << ": " << put.body;
    const json::value spec = json::parse(document);
    const std::string name = json::value_to<std::string>(spec.at("name"));
    const json::object& members = spec.as_object();
    const bool goes_on = members.contains("kind") && members.at("kind") != "batch";
    const std::string id = cluster.deploy(name);
    const std::string wanted = goes_on ? "running" : "completed";
    std::string shown;
    EXPECT_TRUE(eventually([&] {
      shown = cluster.get("/api/v1/instances/" + id).body;
      return shown.find(R"("state":")" + wanted + R"(")") != std::string::npos;
    })) << file
        << ": " << shown;
  }
}

}  // namespace
}  // namespace drover::test
