// What tasks take of their node, on the real programs.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "tests/support/cluster.h"

namespace drover::test {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMemory = 64 << 20;
constexpr char kWork[] =
    "memory = bytearray(64 << 20)\n"
    "import time\n"
    "while time.process_time() < 0.3: pass\n";

class Used : public testing::Test {
 protected:
  Used() {
    cluster_.start_master();
    cluster_.start_agent(0);
    cluster_.await_online(1);
  }
  // A task of that Python program.
  std::string deploy(const std::string& program) {
    const json::value document = {
        {"name", "it"},
        {"task_groups",
         {{{"tasks",
            {{{"name", "task"},
              {"config", {{"command", "python3"}, {"args", {"-c", program}}}}}}}}}}};
    cluster_.create(json::serialize(document));
    return cluster_.deploy("it");
  }
  json::object task(const std::string& id) const {
    const json::value shown = json::parse(cluster_.get("/api/v1/instances/" + id).body);
    return shown.at("groups").at(0).at("tasks").at(0).as_object();
  }
  static std::int64_t number(const json::object& task, const std::string& name) {
    return task.at("used").as_object().at(name).to_number<std::int64_t>();
  }

  Cluster cluster_;
};

TEST_F(Used, AnEndedTaskSaysWhatItHasUsed) {
  const std::string id = deploy(kWork);
  cluster_.await_status(id, 1);
  const auto expect_it = [&] {
    const json::object shown = task(id);
    ASSERT_TRUE(shown.contains("used")) << json::serialize(shown);
    EXPECT_GE(number(shown, "cpu_ms"), 300);
    EXPECT_LT(number(shown, "cpu_ms"), 30'000);
    EXPECT_GE(number(shown, "memory_peak_bytes"), kMemory);
    EXPECT_LT(number(shown, "memory_peak_bytes"), 8 * kMemory);
    EXPECT_FALSE(shown.at("used").as_object().contains("memory_bytes"));
  };
  expect_it();
  cluster_.master().kill();
  cluster_.start_master();
  expect_it();
}

TEST_F(Used, ARunningTaskSaysWhatItTakes) {
  const std::string id = deploy(std::string(kWork) + "time.sleep(1000)\n");
  const auto is_shown = [&] { return task(id).contains("used"); };
  ASSERT_TRUE(eventually(is_shown));
  // Measured a second after it began, or else a quarter of a minute later.
  ASSERT_TRUE(eventually([&] { return number(task(id), "memory_bytes") >= kMemory; }));
  const json::object shown = task(id);
  EXPECT_GE(number(shown, "cpu_ms"), 100);
  EXPECT_GE(number(shown, "memory_peak_bytes"), kMemory);
  EXPECT_TRUE(shown.at("used").as_object().contains("at"));

  // A new master is told anew, though nothing changes any more.
  cluster_.master().kill();
  cluster_.start_master();
  cluster_.await_online(1);
  ASSERT_TRUE(eventually(is_shown));
  cluster_.stop(id);
  ASSERT_EQ(cluster_.get("/api/v1/instances/" + id + "?wait=terminal&timeout=30s").status, 200);
  ASSERT_TRUE(task(id).contains("ended"));
  EXPECT_GE(number(task(id), "cpu_ms"), 300);
}

}  // namespace
}  // namespace drover::test
