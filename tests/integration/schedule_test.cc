// Templates that are deployed by themselves: real master, agent and processes, and a wall clock
// that the test sets.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <chrono>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/cluster.h"
#include "tests/support/wall_clock.h"

namespace drover::test {
namespace {

namespace json = boost::json;

struct HasClock {
  WallClock clock_;
};

class Schedule : private HasClock, public testing::Test {
 protected:
  Schedule() : cluster_(preloaded(DROVER_WALL_CLOCK, "DROVER_TEST_WALL_CLOCK", clock_.path())) {}

  void SetUp() override {
    // The night in which Berlin's clocks skip 2:00 to 3:00, at 1:00 UTC.
    set_clock("2027-03-28T00:59:00");
    cluster_.start_master();
    cluster_.start_agent(0);
    cluster_.await_online(1);
  }

  // UTC.
  void set_clock(const std::string& text) {
    std::tm time{};
    ASSERT_NE(::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time), nullptr) << text;
    const auto wanted = std::chrono::system_clock::from_time_t(::timegm(&time));
    clock_.set(wanted - std::chrono::system_clock::now());
  }
  // Each instance of it notes its id.
  std::string nightly(const std::string& cron, const std::string& overlap,
                      const std::string& then = "true") const {
    return R"({"name":"nightly","task_groups":[{"tasks":[{"name":"t","config":{"command":)"
           R"("echo $DROVER_INSTANCE_ID >> )" +
           ids_file() + "; " + then + R"("}}]}],"schedule":{"time_zone":"Europe/Berlin","cron":")" +
           cron + R"(","overlap":")" + overlap + R"("}})";
  }
  std::string ids_file() const { return cluster_.directory() + "/ids"; }
  std::vector<std::string> ids() const {
    std::vector<std::string> found;
    std::ifstream file(ids_file());
    for (std::string line; std::getline(file, line);) found.push_back(line);
    return found;
  }
  bool come_to(std::size_t count) const {
    return eventually([&] { return ids().size() >= count; }) && ids().size() == count;
  }
  std::string shown(const std::string& id, const std::string& member) const {
    const json::value all = json::parse(cluster_.get("/api/v1/instances/" + id).body);
    return json::value_to<std::string>(all.at(member));
  }
  std::string due_time(std::size_t position) const {
    return shown(ids().at(position), "scheduled_for");
  }

  Cluster cluster_;
};

TEST_F(Schedule, RunsOnceForEachTimeWhateverTheClockAndTheMasterDo) {
  cluster_.create(nightly("30 2 * * *", "allow"));
  set_clock("2027-03-28T01:00:00");
  ASSERT_TRUE(come_to(1));
  EXPECT_EQ(due_time(0), "2027-03-28T01:00:00.000Z") << "right after the gap";

  // Back before it, and there again, also for another master: only the next night is another run.
  set_clock("2027-03-27T12:00:00");
  cluster_.master().kill();
  cluster_.start_master();
  cluster_.await_online(1);
  set_clock("2027-03-28T01:00:00");
  cluster_.master().kill();
  cluster_.start_master();
  cluster_.await_online(1);
  set_clock("2027-03-29T00:30:00");
  ASSERT_TRUE(come_to(2));
  EXPECT_EQ(due_time(1), "2027-03-29T00:30:00.000Z");

  // Five nights without a master are made up for by one run.
  cluster_.master().kill();
  set_clock("2027-04-03T10:00:00");
  cluster_.start_master();
  ASSERT_TRUE(come_to(3));
  EXPECT_EQ(due_time(2), "2027-04-03T00:30:00.000Z") << "the last of them";
  set_clock("2027-04-04T00:30:00");
  ASSERT_TRUE(come_to(4));
  EXPECT_EQ(due_time(3), "2027-04-04T00:30:00.000Z");
}

TEST_F(Schedule, LeavesARunOutWhileTheOneBeforeGoesOn) {
  cluster_.create(nightly("0 * * * *", "skip", "exec sleep 600"));
  set_clock("2027-03-28T05:00:00");
  ASSERT_TRUE(come_to(1));
  const std::string first = ids().at(0);
  set_clock("2027-03-28T06:00:00");
  // That time has been dealt with when a template that is due then, too, has run.
  cluster_.create(R"({"name":"witness","task_groups":[{"tasks":[{"name":"t","config":{"command":)"
                  R"("echo seen > )" +
                  cluster_.directory() + R"(/seen"}}]}],"schedule":{"cron":"0 * * * *"}})");
  set_clock("2027-03-28T07:00:00");
  ASSERT_TRUE(eventually([&] { return std::ifstream(cluster_.directory() + "/seen").good(); }));
  EXPECT_EQ(ids().size(), 1U);
  cluster_.stop(first);
  ASSERT_TRUE(eventually([&] { return shown(first, "state") == "stopped"; }));
  set_clock("2027-03-28T08:00:00");
  ASSERT_TRUE(come_to(2));
  EXPECT_EQ(due_time(1), "2027-03-28T08:00:00.000Z");
}

TEST_F(Schedule, AWrongOneIsRefusedByItsPlace) {
  const Reply reply = cluster_.post("/api/task/task_group", nightly("30 2 * * funday", "skip"));
  EXPECT_EQ(reply.status, 400);
  EXPECT_NE(reply.body.find("at /schedule/cron: day-of-week"), std::string::npos) << reply.body;
}

}  // namespace
}  // namespace drover::test
