#include "agent/metrics/sampler.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace drover::agent::metrics {
namespace {

namespace fs = std::filesystem;

// A machine with 2 processors and 8 GB, as files below a temporary directory.
class Machine : public testing::Test {
 protected:
  Machine() {
    std::string pattern = (fs::temp_directory_path() / "drover-metrics-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    set_cpu_ticks(0, 0);
    write("proc/meminfo", "MemTotal:        8000000 kB\nMemFree: 1 kB\nMemAvailable: 6000000 kB\n");
    write("proc/self/cgroup", "0::/\n");
    write("proc/self/mountinfo", "");
  }
  ~Machine() override { fs::remove_all(root_); }

  void write(const std::string& path, const std::string& content) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << content;
  }
  void set_cpu_ticks(int busy, int idle) {
    // Each processor has done half of it, with iowait counted as idle and guest time in user time.
    const std::string half = std::to_string(busy / 2) + " 0 0 " +
                             std::to_string(idle / 2 - idle / 8) + " " + std::to_string(idle / 8) +
                             " 0 0 0 " + std::to_string(busy / 2) + " 0\n";
    write("proc/stat", "cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 " + half + "cpu1 " + half +
                           "cpu7 1000000 0 0 0 0 0 0 0 0 0\nintr 1 2 3\nctxt 5\n");
  }
  void use_cgroup_2(const std::string& own) {
    write("proc/self/cgroup", "0::" + own + "\n");
    write("proc/self/mountinfo",
          "30 20 0:25 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
  }
  void use_cgroup_1() {
    write("proc/self/cgroup", "4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n0::/\n");
    write("proc/self/mountinfo",
          "31 30 0:26 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu,cpuacct\n"
          "32 30 0:27 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
  }
  Sampler sampler(std::int64_t steady_ms = 0) { return Sampler(root_.string(), {0, 1}, steady_ms); }

  fs::path root_;
};

TEST_F(Machine, WithoutLimitsTheWholeOfItCounts) {
  Sampler sampled = sampler();
  EXPECT_EQ(sampled.capacity().cpu_count, 2U);
  EXPECT_EQ(sampled.capacity().memory_bytes, 8'000'000ULL * 1024);
  set_cpu_ticks(400, 1600);
  const Usage usage = sampled.sample(1000);
  EXPECT_EQ(usage.cpu_percent, 20U);
  EXPECT_EQ(usage.memory_percent, 25U);
}

TEST_F(Machine, CpuUsageIsThatSinceTheSampleBefore) {
  set_cpu_ticks(8000, 800);
  Sampler sampled = sampler();
  EXPECT_EQ(sampled.sample(0).cpu_percent, 0U) << "no time has passed";
  set_cpu_ticks(8000 + 80, 800 + 80);
  EXPECT_EQ(sampled.sample(1000).cpu_percent, 50U);
  set_cpu_ticks(8000 + 160, 800 + 80);
  EXPECT_EQ(sampled.sample(2000).cpu_percent, 100U);
}

TEST_F(Machine, AFewTicksMakeNoPercentage) {
  Sampler sampled = sampler();
  set_cpu_ticks(400, 400);
  EXPECT_EQ(sampled.sample(1000).cpu_percent, 50U);
  set_cpu_ticks(402, 400);
  EXPECT_EQ(sampled.sample(1010).cpu_percent, 50U) << "only 10 ms later";
  set_cpu_ticks(800, 400);
  EXPECT_EQ(sampled.sample(1500).cpu_percent, 100U);
}

TEST_F(Machine, CountersThatRunBackwardsCountAsNothing) {
  set_cpu_ticks(800, 800);
  Sampler sampled = sampler();
  set_cpu_ticks(80, 80);
  EXPECT_EQ(sampled.sample(1000).cpu_percent, 0U);
}

TEST_F(Machine, CgroupVersion2LimitsApplyFromAnyLevel) {
  use_cgroup_2("/system.slice/drover.service");
  write("sys/fs/cgroup/system.slice/drover.service/cpu.max", "max 100000\n");
  write("sys/fs/cgroup/system.slice/cpu.max", "150000 100000\n");
  write("sys/fs/cgroup/system.slice/cpu.stat", "usage_usec 1000000\nuser_usec 5\n");
  write("sys/fs/cgroup/system.slice/drover.service/memory.max", "1000000000\n");
  write("sys/fs/cgroup/system.slice/memory.max", "2000000000\n");
  write("sys/fs/cgroup/system.slice/drover.service/memory.current", "600000000\n");
  write("sys/fs/cgroup/system.slice/drover.service/memory.stat",
        "anon 1\ninactive_file 100000000\nactive_file 3\n");
  Sampler sampled = sampler(10'000);
  EXPECT_EQ(sampled.capacity().cpu_count, 2U);
  EXPECT_EQ(sampled.capacity().memory_bytes, 1'000'000'000U);
  write("sys/fs/cgroup/system.slice/cpu.stat", "usage_usec 1750000\nuser_usec 5\n");
  const Usage usage = sampled.sample(11'000);
  EXPECT_EQ(usage.cpu_percent, 50U) << "0.75 of 1.5 seconds";
  EXPECT_EQ(usage.memory_percent, 50U);
}

TEST_F(Machine, CgroupVersion1LimitsApply) {
  use_cgroup_1();
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  write("sys/fs/cgroup/cpu/cpuacct.usage", "0\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000\n");
  write("sys/fs/cgroup/memory/memory.usage_in_bytes", "900000\n");
  write("sys/fs/cgroup/memory/memory.stat", "inactive_file 7\ntotal_inactive_file 200000\n");
  Sampler sampled = sampler(0);
  EXPECT_EQ(sampled.capacity().cpu_count, 1U);
  EXPECT_EQ(sampled.capacity().memory_bytes, 1'000'000U);
  write("sys/fs/cgroup/cpu/cpuacct.usage", "250000000\n");
  const Usage usage = sampled.sample(1000);
  EXPECT_EQ(usage.cpu_percent, 50U);
  EXPECT_EQ(usage.memory_percent, 70U);
}

TEST_F(Machine, LimitsAboveTheMachineAreNone) {
  use_cgroup_1();
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  const Sampler sampled = sampler();
  EXPECT_EQ(sampled.capacity().cpu_count, 2U);
  EXPECT_EQ(sampled.capacity().memory_bytes, 8'000'000ULL * 1024);
}

TEST_F(Machine, OddFilesAreNoHarm) {
  const std::string files[] = {"proc/stat", "proc/meminfo", "proc/self/cgroup",
                               "proc/self/mountinfo", "sys/fs/cgroup/cpu.max"};
  const std::string contents[] = {"",
                                  "\n\n\n",
                                  "cpu0\n",
                                  "cpu0 x y z w\n",
                                  ":::::\n- - - -\n",
                                  "cpu0 18446744073709551616 1 1 1\n",
                                  std::string(100, '\0'),
                                  "MemTotal:\nMemAvailable: 99999999999 kB\n",
                                  "max\n"};
  for (const std::string& file : files) {
    for (const std::string& content : contents) {
      write(file, content);
      Sampler sampled = sampler();
      const Usage usage = sampled.sample(1000);
      EXPECT_LE(usage.cpu_percent, 100U);
      EXPECT_LE(usage.memory_percent, 100U);
      EXPECT_GE(sampled.capacity().cpu_count, 1U);
    }
  }
  fs::remove_all(root_ / "proc");
  EXPECT_EQ(sampler().sample(1000).cpu_percent, 0U);
}

TEST(ThisMachine, CanBeSampled) {
  const auto cpus = allowed_cpus();
  ASSERT_FALSE(cpus.empty());
  Sampler sampled("", cpus, 0);
  EXPECT_GT(sampled.capacity().memory_bytes, 1024U * 1024);
  EXPECT_LE(sampled.capacity().cpu_count, cpus.size());
  EXPECT_GT(sampled.sample(1000).memory_percent, 0U);
}

}  // namespace
}  // namespace drover::agent::metrics
