#include "agent/supervisor/cgroup_limits.h"

#include <gtest/gtest.h>

namespace drover::supervisor {
namespace {

constexpr Controllers kBoth{true, true};

Resources resources(std::uint32_t cpu_millis, bool hard, std::uint64_t memory_bytes) {
  Resources made;
  made.set_cpu_millis(cpu_millis);
  made.set_cpu_hard(hard);
  made.set_memory_bytes(memory_bytes);
  return made;
}

std::string written(const Resources& wanted, Controllers controllers) {
  std::string text;
  for (const CgroupFile& file : limit_files(wanted, controllers)) {
    text += std::string(file.name) + "=" + file.content + (file.may_be_missing ? "?" : "") + ";";
  }
  return text;
}

TEST(CgroupLimitsTest, TheKernelsListOfControllers) {
  EXPECT_EQ(parse_controllers("cpuset cpu io memory hugetlb pids rdma misc\n"), kBoth);
  EXPECT_EQ(parse_controllers("cpu\n"), (Controllers{true, false}));
  EXPECT_EQ(parse_controllers("memory"), (Controllers{false, true}));
  EXPECT_EQ(parse_controllers("cpuset pids\n"), (Controllers{}));
  EXPECT_EQ(parse_controllers("\n"), (Controllers{}));
  EXPECT_EQ(parse_controllers(""), (Controllers{}));
}

TEST(CgroupLimitsTest, NothingIsWrittenForNothing) {
  EXPECT_EQ(written(Resources(), kBoth), "");
  EXPECT_EQ(written(resources(500, true, 1 << 20), {}), "");
}

TEST(CgroupLimitsTest, AShareIsAWeightOfOneHundredACore) {
  EXPECT_EQ(written(resources(1000, false, 0), kBoth), "cpu.weight=100;");
  EXPECT_EQ(written(resources(500, false, 0), kBoth), "cpu.weight=50;");
  EXPECT_EQ(written(resources(1, false, 0), kBoth), "cpu.weight=1;");
  EXPECT_EQ(written(resources(4'000'000, false, 0), kBoth), "cpu.weight=10000;");
}

TEST(CgroupLimitsTest, ACeilingIsAPartOfEachPeriod) {
  EXPECT_EQ(written(resources(500, true, 0), kBoth), "cpu.weight=50;cpu.max=50000 100000;");
  EXPECT_EQ(written(resources(2500, true, 0), kBoth), "cpu.weight=250;cpu.max=250000 100000;");
  EXPECT_EQ(written(resources(1, true, 0), kBoth), "cpu.weight=1;cpu.max=1000 100000;");
  EXPECT_EQ(written(resources(4'000'000'000, true, 0), kBoth),
            "cpu.weight=10000;cpu.max=400000000000 100000;");
}

TEST(CgroupLimitsTest, MemoryIsOfTheWholeAttemptAndHasNoSwap) {
  EXPECT_EQ(written(resources(0, false, 536870912), kBoth),
            "memory.oom.group=1;memory.swap.max=0?;memory.max=536870912;");
  EXPECT_EQ(written(resources(1000, false, 1048576), {false, true}),
            "memory.oom.group=1;memory.swap.max=0?;memory.max=1048576;");
}

TEST(CgroupLimitsTest, KillsForWantOfMemoryAreCounted) {
  EXPECT_EQ(parse_out_of_memory_kills("low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\n"
                                      "oom_group_kill 1\n"),
            2U);
  EXPECT_EQ(parse_out_of_memory_kills("low 0\nmax 5\noom 1\noom_kill 0\n"), 0U);
  EXPECT_EQ(parse_out_of_memory_kills(""), 0U);
  EXPECT_EQ(parse_out_of_memory_kills("oom_kill"), 0U);
}

TEST(CgroupLimitsTest, ProcessorTimeIsReadFromItsOwnLine) {
  EXPECT_EQ(parse_cpu_us("usage_usec 1234567\nuser_usec 1000000\nsystem_usec 234567\n"), 1234567U);
  EXPECT_EQ(parse_cpu_us("user_usec 1\n"), std::nullopt);
  EXPECT_EQ(parse_cpu_us("usage_usec x\n"), std::nullopt);
  EXPECT_EQ(parse_cpu_us(""), std::nullopt);
}

}  // namespace
}  // namespace drover::supervisor
