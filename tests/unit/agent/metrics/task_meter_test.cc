#include "agent/metrics/task_meter.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "agent/metrics/task_sampler.h"
#include "common/ids.h"
#include "common/limits.h"

namespace drover::agent::metrics {
namespace {

namespace fs = std::filesystem;

// Processes as files below a temporary directory.
class Proc : public testing::Test {
 protected:
  Proc() {
    std::string pattern = (fs::temp_directory_path() / "drover-proc-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~Proc() override { fs::remove_all(root_); }

  void write(const std::string& path, const std::string& content) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << content;
  }
  // One that has run for so many clock ticks, a quarter of them as each kind.
  void process(pid_t pid, int ticks, int pages, const std::string& children = "") const {
    const std::string each = std::to_string(ticks / 4);
    const std::string text = std::to_string(pid) + " (a) b) S 1 1 1 0 -1 4194304 100 0 0 0 " +
                             each + ' ' + each + ' ' + each + ' ' + each +
                             " 20 0 1 0 500 1000000 " + std::to_string(pages) + " 99 1 1\n";
    const std::string directory = "proc/" + std::to_string(pid);
    write(directory + "/stat", text);
    write(directory + "/task/" + std::to_string(pid) + "/children", children);
  }
  void end(pid_t pid) const { fs::remove_all(root_ / "proc" / std::to_string(pid)); }

  std::uint64_t tick_us() const {
    return 1'000'000U / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  }
  std::uint64_t page() const { return static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)); }

  fs::path root_;
};

TEST_F(Proc, SumsTheMainProcessAndItsDescendants) {
  process(10, 40, 5, "11 ");
  write("proc/10/task/77/children", "12 ");  // of another of its threads
  process(11, 4, 1, "13 ");
  process(12, 8, 2);
  process(13, 12, 3);
  process(14, 400, 100);  // somebody else's
  const auto used = TaskMeter(root_).measure({10, ""});
  ASSERT_TRUE(used);
  EXPECT_EQ(used->cpu_us, 64 * tick_us());
  EXPECT_EQ(used->memory_bytes, 11 * page());
}

TEST_F(Proc, ACgroupHoldsAllOfThem) {
  process(10, 40, 5, "11 ");
  process(20, 4, 1);
  write("sys/fs/cgroup/7/cgroup.procs", "10\n20\n30\n");  // the last has just ended
  const auto used = TaskMeter(root_).measure({10, "/sys/fs/cgroup/7"});
  ASSERT_TRUE(used);
  EXPECT_EQ(used->cpu_us, 44 * tick_us());
  EXPECT_EQ(used->memory_bytes, 6 * page());
}

TEST_F(Proc, WhatIsGoneTakesNothing) {
  EXPECT_FALSE(TaskMeter(root_).measure({10, ""}));
  EXPECT_FALSE(TaskMeter(root_).measure({10, "/sys/fs/cgroup/7"}));
  write("proc/10/stat", "10 (short) S 1");
  EXPECT_FALSE(TaskMeter(root_).measure({10, ""}));
}

TEST(TaskMeterTest, MeasuresThisVeryProcess) {
  const auto used = TaskMeter("").measure({::getpid(), ""});
  ASSERT_TRUE(used);
  EXPECT_GT(used->memory_bytes, 100'000U);
}

AttemptId attempt(std::uint32_t task) { return {{InstanceId{}, 0, 1}, task, 1}; }

class Samples : public Proc {
 protected:
  std::vector<std::uint32_t> told(std::size_t most = 100) {
    std::vector<std::uint32_t> tasks;
    for (const TaskUse& use : sampler_.take(most)) tasks.push_back(use.attempt.task);
    return tasks;
  }
  TaskSampler sampler_{root_.string()};
};

TEST_F(Samples, MeasuresSoonAndThenNowAndThen) {
  EXPECT_FALSE(sampler_.next_deadline());
  process(10, 4, 5);
  sampler_.began(attempt(0), {10, ""}, 10'500);
  EXPECT_EQ(sampler_.next_deadline(), 12'000) << "a second later, at the next turn";
  sampler_.sample(11'999);
  EXPECT_TRUE(told().empty());
  sampler_.sample(12'000);
  const auto uses = sampler_.take(100);
  ASSERT_EQ(uses.size(), 1U);
  EXPECT_EQ(uses[0].attempt, attempt(0));
  EXPECT_EQ(uses[0].used, (ResourceUse{4 * tick_us(), 5 * page(), 5 * page()}));
  EXPECT_EQ(sampler_.next_deadline(), 27'000);
}

TEST_F(Samples, ManyThatAreDueTogetherDelayNobody) {
  constexpr auto kAtOnce = static_cast<std::uint32_t>(limits::kTaskUsesAtOnce);
  for (std::uint32_t task = 0; task < 2 * kAtOnce + 1; ++task) {
    process(10 + static_cast<pid_t>(task), 4, 5);
    sampler_.began(attempt(task), {10 + static_cast<pid_t>(task), ""}, 0);
  }
  for (const std::uint32_t measured : {kAtOnce, kAtOnce, 1U}) {
    EXPECT_EQ(sampler_.next_deadline(), 1'000) << "at once, after what else there is to do";
    sampler_.sample(1'000);
    EXPECT_EQ(told().size(), measured);
  }
  EXPECT_EQ(sampler_.next_deadline(), 16'000);
}

TEST_F(Samples, TellsWhatHasChangedAlone) {
  process(10, 4, 5);
  process(11, 4, 5);
  sampler_.began(attempt(0), {10, ""}, 0);
  sampler_.began(attempt(1), {11, ""}, 0);
  sampler_.sample(1'000);
  EXPECT_EQ(told(1).size(), 1U);
  EXPECT_EQ(told(), std::vector{1U}) << "what there was no room for";
  process(11, 8, 2);
  sampler_.sample(16'000);
  const auto uses = sampler_.take(100);
  ASSERT_EQ(uses.size(), 1U);
  EXPECT_EQ(uses[0].used, (ResourceUse{8 * tick_us(), 2 * page(), 5 * page()}));
  sampler_.tell_all_anew();
  EXPECT_EQ(told(), (std::vector{0U, 1U}));
}

TEST_F(Samples, RemembersTheMostUntilTheEnd) {
  process(10, 4, 5);
  sampler_.began(attempt(0), {10, ""}, 0);
  EXPECT_EQ(sampler_.ended(attempt(1)), 0U);
  sampler_.sample(1'000);
  process(10, 4, 1);
  sampler_.sample(16'000);
  end(10);
  sampler_.sample(31'000);
  EXPECT_EQ(sampler_.ended(attempt(0)), 5 * page());
  EXPECT_FALSE(sampler_.next_deadline());
  EXPECT_TRUE(told().empty()) << "its end says more";
}

}  // namespace
}  // namespace drover::agent::metrics
