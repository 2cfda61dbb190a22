#include "agent/supervisor/cgroup_location.h"

#include <gtest/gtest.h>

namespace drover::supervisor {
namespace {

constexpr const char* kUnified =
    "22 29 0:20 / /proc rw,nosuid shared:12 - proc proc rw\n"
    "30 22 0:26 / /sys/fs/cgroup rw,nosuid,nodev shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
    "31 22 8:1 / / rw - ext4 /dev/sda1 rw\n";

constexpr const char* kHybrid =
    "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
    "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";

TEST(CgroupLocationTest, TheUnifiedLayoutOfSystemd) {
  EXPECT_EQ(own_cgroup_directory(kUnified, "0::/system.slice/drover.service\n"),
            "/sys/fs/cgroup/system.slice/drover.service");
}

TEST(CgroupLocationTest, TheHybridLayout) {
  const char* self = "9:name=systemd:/x\n4:memory:/y\n0::/\n";
  EXPECT_EQ(own_cgroup_directory(kHybrid, self), "/sys/fs/cgroup/unified");
  EXPECT_EQ(own_cgroup_directory(kHybrid, "4:memory:/y\n0::/a b\n"), "/sys/fs/cgroup/unified/a b");
}

TEST(CgroupLocationTest, APartOfTheTreeMayBeMounted) {
  const char* part = "41 31 0:38 /docker/abc /cg rw - cgroup2 cgroup2 rw\n";
  EXPECT_EQ(own_cgroup_directory(part, "0::/docker/abc\n"), "/cg");
  EXPECT_EQ(own_cgroup_directory(part, "0::/docker/abc/task\n"), "/cg/task");
  EXPECT_EQ(own_cgroup_directory(part, "0::/docker/abcd\n"), std::nullopt);
  EXPECT_EQ(own_cgroup_directory(part, "0::/\n"), std::nullopt);
}

TEST(CgroupLocationTest, OddCharactersOfAMountPointAreEscaped) {
  const char* odd = "41 31 0:38 / /my\\040cg\\134x rw - cgroup2 cgroup2 rw\n";
  EXPECT_EQ(own_cgroup_directory(odd, "0::/\n"), "/my cg\\x");
}

TEST(CgroupLocationTest, WithoutCgroup2ThereIsNothing) {
  EXPECT_EQ(own_cgroup_directory("35 31 0:32 / /cg rw - cgroup cgroup rw,memory\n", "0::/\n"),
            std::nullopt);
  EXPECT_EQ(own_cgroup_directory(kHybrid, "4:memory:/y\n"), std::nullopt);
  EXPECT_EQ(own_cgroup_directory("", ""), std::nullopt);
}

TEST(CgroupLocationTest, OutsideOfTheNamespaceThereIsNothing) {
  EXPECT_EQ(own_cgroup_directory(kUnified, "0::/../other\n"), std::nullopt);
}

}  // namespace
}  // namespace drover::supervisor
