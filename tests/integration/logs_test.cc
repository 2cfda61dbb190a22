// What is kept of a task's output, as its `logs` say, on the real programs.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <string>

#include "tests/support/cluster.h"
#include "tests/support/small_disk.h"

namespace drover::test {
namespace {

namespace json = boost::json;

constexpr int kLines = 3'000;
constexpr std::uint64_t kDiskBytes = 16 << 20;

std::string line(int number) {
  return "line " + std::to_string(number) + " of what a task prints in its life\n";
}

// Prints the lines, one write each, so that a file could end anywhere between them.
constexpr char kPrinter[] =
    "i=0; while [ $i -lt 3000 ]; do echo line $i of what a task prints in its life; "
    "i=$((i+1)); done";

class Logs : public testing::Test {
 protected:
  void start() {
    cluster_.start_master();
    cluster_.start_agent(0);
    cluster_.await_online(1);
  }
  // Runs the command to its end.
  std::string run(const std::string& command, const std::string& logs) {
    cluster_.create(R"({"name":"it","task_groups":[{"tasks":[{"name":"task","config":{"command":)" +
                    json::serialize(json::value(command)) + R"(},"logs":)" + logs + "}]}]}");
    const std::string id = cluster_.deploy("it");
    EXPECT_TRUE(eventually([&] {
      return json::value_to<std::string>(shown(id).at("state")) == "completed";
    })) << json::serialize(shown(id));
    return id;
  }
  json::object shown(const std::string& id) const {
    return json::parse(cluster_.get("/api/v1/instances/" + id).body).as_object();
  }

  Cluster cluster_;
};

TEST_F(Logs, RotationLosesNoByte) {
  start();
  const std::string id = run(kPrinter, R"({"size":"48KiB","files":4})");
  std::string all;
  for (int number = 0; number < kLines; ++number) all += line(number);
  ASSERT_GT(all.size(), 2 * 48 * 1024U);
  EXPECT_EQ(cluster_.output(0, id, "stdout.2") + cluster_.output(0, id, "stdout.1") +
                cluster_.output(0, id),
            all);
}

TEST_F(Logs, TheOldestFileGoes) {
  start();
  const std::string id = run(kPrinter, R"({"size":"16KiB","files":3})");
  const std::string kept = cluster_.output(0, id, "stdout.2") + cluster_.output(0, id, "stdout.1") +
                           cluster_.output(0, id);
  EXPECT_TRUE(kept.ends_with(line(kLines - 1)));
  EXPECT_GT(kept.size(), 2 * 16 * 1024U);
  EXPECT_LE(kept.size(), 3 * 16 * 1024U);
  EXPECT_EQ(cluster_.output(0, id, "stdout.3"), "");
}

class LogsOnASmallDisk : public Logs {
 protected:
  void SetUp() override {
    if (!disk_.problem().empty()) GTEST_SKIP() << disk_.problem();
    start();
  }
  void TearDown() override {
    if (!disk_.problem().empty()) return;
    cluster_.agent(0).kill();
    cluster_.end_supervisor(0);
  }

  SmallDisk disk_{cluster_.state_dir(0) + "/output", kDiskBytes};
};

// More than the disk takes: the task comes to its end, and what is missing has been counted.
TEST_F(LogsOnASmallDisk, WhatTheDiskDoesNotTakeIsCountedAndBlocksNobody) {
  const std::string id = run("head -c 33554432 /dev/zero", R"({"size":"1GiB"})");
  const json::object task = shown(id).at("groups").at(0).at("tasks").at(0).as_object();
  const auto dropped = json::value_to<std::uint64_t>(task.at("output_dropped_bytes"));
  EXPECT_EQ(cluster_.output(0, id).size() + dropped, 33'554'432U);
  EXPECT_GE(dropped, 33'554'432U - kDiskBytes);
}

}  // namespace
}  // namespace drover::test
