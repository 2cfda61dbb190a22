#include "agent/supervisor/containment.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temp_dir.h"

namespace drover::supervisor {
namespace {

TEST(ContainmentTest, TheModesHaveNames) {
  ASSERT_TRUE(parse_containment_mode("auto"));
  EXPECT_EQ(*parse_containment_mode("auto"), ContainmentMode::automatic);
  EXPECT_EQ(*parse_containment_mode("cgroup"), ContainmentMode::cgroup);
  EXPECT_EQ(*parse_containment_mode("process-group"), ContainmentMode::process_group);
  const auto unknown = parse_containment_mode("docker");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("docker"), std::string::npos);
}

TEST(ContainmentTest, AnIdentityIsThatOfTheSocketsPlace) {
  TempDir directory;
  std::filesystem::create_symlink(directory.path(), directory / "link");
  const auto identity = identity_of(directory / "socket");
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->size(), 16U);
  EXPECT_EQ(*identity, *identity_of(directory / "link/socket"));
  EXPECT_NE(*identity, *identity_of(directory / "other"));
  TempDir elsewhere;
  EXPECT_NE(*identity, *identity_of(elsewhere / "socket"));
  EXPECT_FALSE(identity_of(directory / "missing/socket"));
}

}  // namespace
}  // namespace drover::supervisor
