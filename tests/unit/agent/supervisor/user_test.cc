#include "agent/supervisor/user.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace drover::supervisor {
namespace {

TEST(UserTest, ANameAndItsNumberAreTheSameUser) {
  const UserLookup named = look_up_user("root");
  const UserLookup numbered = look_up_user("0");
  if (::geteuid() != 0) {
    EXPECT_EQ(named.error_number, EPERM);
    EXPECT_STREQ(named.failed_step, "user");
    return;
  }
  ASSERT_EQ(named.error_number, 0);
  EXPECT_EQ(named.user.uid, 0U);
  EXPECT_EQ(named.user.name, "root");
  EXPECT_EQ(numbered.user.name, "root");
  EXPECT_NE(std::find(named.user.groups.begin(), named.user.groups.end(), named.user.gid),
            named.user.groups.end());
}

TEST(UserTest, OneselfIsAlwaysAllowed) {
  const UserLookup own = look_up_user(std::to_string(::geteuid()));
  if (own.error_number == ENOENT) GTEST_SKIP() << "NOT TESTED, this user has no entry";
  EXPECT_EQ(own.error_number, 0);
  EXPECT_EQ(own.user.uid, ::geteuid());
  EXPECT_EQ(own.user.is_own, ::geteuid() != 0);
}

TEST(UserTest, WhoCannotBeFoundIsNobody) {
  for (const char* text : {"no-such-user", "4000000000", "4294967295", "18446744073709551616", "-1",
                           " root", "0x0", "root ", "+0"}) {
    const UserLookup found = look_up_user(text);
    EXPECT_EQ(found.error_number, ENOENT) << text;
    EXPECT_STREQ(found.failed_step, "unknown_user") << text;
  }
}

}  // namespace
}  // namespace drover::supervisor
