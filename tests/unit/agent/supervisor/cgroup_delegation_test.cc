// On plain files that look like the kernel's: what is written where.
#include "agent/supervisor/cgroup_delegation.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/temp_dir.h"

namespace drover::supervisor {
namespace {

namespace fs = std::filesystem;

class CgroupDelegationTest : public testing::Test {
 protected:
  void make(const std::string& controllers) {
    fs::create_directory(directory_ / "tasks");
    directory_.write("cgroup.controllers", controllers);
    directory_.write("cgroup.subtree_control", "");
    directory_.write("tasks/cgroup.subtree_control", "");
  }
  CgroupDelegation delegate() {
    auto own = CgroupTree::open(directory_.path(), false);
    auto tasks = CgroupTree::open(directory_ / "tasks", false);
    return CgroupDelegation(std::move(*own), "leaf", *tasks);
  }
  std::string content(const std::string& name) {
    std::ifstream stream(directory_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  TempDir directory_;
};

TEST_F(CgroupDelegationTest, WhatThereIsIsHandedDown) {
  make("cpuset cpu io memory pids\n");
  EXPECT_EQ(delegate().enabled(), (Controllers{true, true}));
  EXPECT_EQ(content("cgroup.subtree_control"), "+memory");
  EXPECT_EQ(content("tasks/cgroup.subtree_control"), "+memory");
  EXPECT_FALSE(fs::exists(directory_ / "leaf")) << "nobody had to move";
}

TEST_F(CgroupDelegationTest, OneOfTheTwoWillDo) {
  make("cpu pids\n");
  EXPECT_EQ(delegate().enabled(), (Controllers{true, false}));
  EXPECT_EQ(content("tasks/cgroup.subtree_control"), "+cpu");
}

TEST_F(CgroupDelegationTest, WithoutControllersNothingIsTouched) {
  make("\n");
  EXPECT_EQ(delegate().enabled(), Controllers{});
  EXPECT_EQ(content("cgroup.subtree_control"), "");
}

// The kernel would take "+cpu" there, and refuse every process below it from then on.
TEST_F(CgroupDelegationTest, NothingIsHandedDownBesideProcesses) {
  make("cpu memory\n");
  directory_.write("cgroup.type", "domain\n");
  directory_.write("cgroup.procs", "123\n");
  EXPECT_EQ(delegate().enabled(), Controllers{});
  EXPECT_EQ(content("cgroup.subtree_control"), "");
  EXPECT_EQ(content("tasks/cgroup.subtree_control"), "");
}

TEST_F(CgroupDelegationTest, ProcessesOfTheRootAreInNobodysWay) {
  make("cpu memory\n");
  directory_.write("cgroup.procs", "123\n");
  EXPECT_EQ(delegate().enabled(), (Controllers{true, true}));
}

TEST_F(CgroupDelegationTest, WhatCannotBeHandedDownIsNotEnabled) {
  make("cpu memory\n");
  fs::remove(directory_ / "tasks/cgroup.subtree_control");
  EXPECT_EQ(delegate().enabled(), Controllers{});
}

}  // namespace
}  // namespace drover::supervisor
