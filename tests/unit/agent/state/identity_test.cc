#include "agent/state/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/agent/state/temporary_layout.h"

namespace drover::agent::state {
namespace {

using Identities = WithLayout;
using Epochs = WithLayout;

TEST_F(Identities, IsMadeOnceAndKept) {
  const auto made = load_or_make_identity(layout_);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->secret.size(), 32U);
  EXPECT_EQ(made->node.text()[14], '7') << "a UUID of version 7";
  const auto again = load_or_make_identity(layout_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->node, made->node);
  EXPECT_EQ(again->secret, made->secret);
}

TEST_F(Identities, DiffersBetweenNodes) {
  const auto one = load_or_make_identity(layout_);
  std::filesystem::remove(layout_.identity());
  const auto two = load_or_make_identity(layout_);
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->node, two->node);
  EXPECT_NE(one->secret, two->secret);
}

TEST_F(Identities, IsReadableByItsOwnerOnly) {
  ASSERT_TRUE(load_or_make_identity(layout_));
  struct stat status {};
  ASSERT_EQ(::stat(layout_.identity().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(Identities, DamagedIsAnErrorAndNeverANewOne) {
  ASSERT_TRUE(load_or_make_identity(layout_));
  const std::string good = read(layout_.identity());
  for (std::size_t length = 0; length < good.size(); ++length) {
    write(layout_.identity(), good.substr(0, length));
    const auto loaded = load_or_make_identity(layout_);
    ASSERT_FALSE(loaded) << "cut at " << length;
    ASSERT_THAT(loaded.error().message, testing::HasSubstr("is damaged"));
  }
  write(layout_.identity(), good + "more");
  EXPECT_FALSE(load_or_make_identity(layout_));
}

TEST_F(Epochs, AreNothingAtFirstAndKeptThen) {
  auto loaded = load_epoch(layout_);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->value, 0U);
  ASSERT_TRUE(save_epoch(layout_, Epoch{~0ULL}));
  loaded = load_epoch(layout_);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->value, ~0ULL);
}

TEST_F(Epochs, DamagedAreAnError) {
  for (const char* content : {"", "7", "x\n", "7\n8\n", "-1\n", "99999999999999999999999\n"}) {
    write(layout_.epoch(), content);
    EXPECT_FALSE(load_epoch(layout_)) << content;
  }
}

}  // namespace
}  // namespace drover::agent::state
