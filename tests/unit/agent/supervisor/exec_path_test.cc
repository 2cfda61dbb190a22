#include "agent/supervisor/exec_path.h"

#include <gtest/gtest.h>

namespace drover::supervisor {
namespace {

using Paths = std::vector<std::string>;

TEST(ExecPathTest, APathWithASlashIsTakenAsItIs) {
  EXPECT_EQ(exec_candidates("/bin/true", "/a:/b"), Paths{"/bin/true"});
  EXPECT_EQ(exec_candidates("./x", "/a:/b"), Paths{"./x"});
  EXPECT_EQ(exec_candidates("sub/x", "/a:/b"), Paths{"sub/x"});
}

TEST(ExecPathTest, ANameIsLookedForInOrder) {
  EXPECT_EQ(exec_candidates("x", "/a:/b/:c"), (Paths{"/a/x", "/b/x", "c/x"}));
}

TEST(ExecPathTest, AnEmptyEntryIsTheWorkingDirectory) {
  EXPECT_EQ(exec_candidates("x", ":/a:"), (Paths{"./x", "/a/x", "./x"}));
  EXPECT_EQ(exec_candidates("x", ""), Paths{"./x"});
}

TEST(ExecPathTest, WithoutAPathThereIsADefault) {
  EXPECT_EQ(exec_candidates("x", std::nullopt), (Paths{"/bin/x", "/usr/bin/x"}));
}

TEST(ExecPathTest, NoNameIsNowhere) { EXPECT_EQ(exec_candidates("", "/a:/b"), Paths{""}); }

TEST(ExecPathTest, TheSearchGoesOnOnlyWhereAnotherPlaceMayHelp) {
  EXPECT_TRUE(search_goes_on(ENOENT));
  EXPECT_TRUE(search_goes_on(ENOTDIR));
  EXPECT_TRUE(search_goes_on(EACCES));
  EXPECT_FALSE(search_goes_on(ENOEXEC));
  EXPECT_FALSE(search_goes_on(E2BIG));
  EXPECT_FALSE(search_goes_on(ENOMEM));
}

}  // namespace
}  // namespace drover::supervisor
