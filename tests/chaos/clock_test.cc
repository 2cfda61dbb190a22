// The wall clock is set forward and back by hours under the running programs. Nothing may come of
// it but other times in logs and records.
#include <sys/mman.h>

#include <atomic>
#include <csignal>
#include <ctime>

#include "tests/chaos/chaos_test.h"
#include "tests/support/process.h"
#include "tests/support/wall_clock.h"

namespace drover::test {
namespace {

using std::chrono::hours;

constexpr int kAgents = 2;

// The time of a log line, in seconds since 1970.
std::int64_t time_of(const std::string& line) {
  std::tm time{};
  ::strptime(line.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
  return ::timegm(&time);
}

struct HasClock {
  WallClock clock_;
};

class Clock : private HasClock, public ChaosTest {
 protected:
  Clock() : ChaosTest(preloaded(DROVER_WALL_CLOCK, "DROVER_TEST_WALL_CLOCK", clock_.path())) {}

  void SetUp() override {
    start(kAgents);
    const Work work = ticking_work("guarded", oracle_.marks(), oracle_.token(), "");
    cluster_.create(work.document);
    guarded_ = cluster_.deploy(work.name);
    oracle_.ledger().deployed(guarded_, work);
    EXPECT_TRUE(eventually([&] { return pids().size() == 1; }));
    pid_ = pids().at(0);
  }
  std::vector<pid_t> pids() const { return processes_with("DROVER_INSTANCE_ID=" + guarded_); }

  void jump(hours offset) {
    clock_.set(offset);
    offset_ = offset;
  }
  // What is done and lasts, is done and lasts.
  void expect_all_well() {
    for (int step = 0; step < 2; ++step) {
      serve(10);
      for (const auto& [ip, status] : cluster_.nodes()) EXPECT_EQ(0, status) << ip;
      let_pass(std::chrono::milliseconds(300));
    }
    EXPECT_EQ(0, cluster_.status(guarded_));
    EXPECT_EQ(std::vector<pid_t>{pid_}, pids());
  }
  // A program that starts goes by the clock as it has been set.
  void expect_time_in_log(const std::string& line) const {
    const std::int64_t expected = ::time(nullptr) + std::chrono::seconds(offset_).count();
    EXPECT_NEAR(static_cast<double>(expected), static_cast<double>(time_of(line)), 60) << line;
  }
  void restart_master() {
    cluster_.master().kill();
    load_->set_reachable(false);
    cluster_.start_master();
    load_->set_reachable(true);
    const auto back = cluster_.master().await_line("agent connected");
    ASSERT_TRUE(back);
    expect_time_in_log(*back);
    cluster_.await_online(kAgents);
  }
  void restart_agent(int number) {
    cluster_.agent(number).kill();
    cluster_.start_agent(number);
    expect_time_in_log(*cluster_.agent(number).await_line(" ready "));
  }

  std::string guarded_;
  pid_t pid_ = -1;
  hours offset_{0};
};

TEST_F(Clock, JumpsChangeNothing) {
  for (const hours offset : {hours(5), hours(-11), hours(30), hours(-30), hours(0)}) {
    SCOPED_TRACE("the clock is off by " + std::to_string(offset.count()) + " h");
    jump(offset);
    expect_all_well();
    restart_master();
    restart_agent(0);
    if (HasFailure()) return;
  }
  finish(Losses::illegal);
}

}  // namespace
}  // namespace drover::test
