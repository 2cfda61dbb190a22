#include "common/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace drover {
namespace {

TEST(ResultTest, HoldsAValueOrAnError) {
  const Result<int> good(7);
  EXPECT_TRUE(good.ok());
  EXPECT_TRUE(good);
  EXPECT_EQ(*good, 7);

  const Result<int> bad(Error{ErrorKind::conflict, "no"});
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().kind, ErrorKind::conflict);
  EXPECT_EQ(bad.error().message, "no");
}

TEST(ResultTest, AValueCanBeMovedOut) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 7);
}

TEST(ResultTest, StatusCarriesSuccessAlone) {
  const Status good = Done{};
  const Status bad = Error{ErrorKind::io, "no"};
  EXPECT_TRUE(good.ok());
  EXPECT_FALSE(bad.ok());
}

TEST(ResultTest, SystemErrorsSayWhatWasTriedAndWhy) {
  const Error missing = system_error("cannot open /x", ENOENT);
  EXPECT_EQ(missing.kind, ErrorKind::not_found);
  EXPECT_EQ(missing.message, "cannot open /x: No such file or directory");
  EXPECT_EQ(system_error("cannot open /x", EACCES).kind, ErrorKind::io);
}

TEST(ResultDeathTest, TheWrongHalfIsNeverRead) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const Result<int> bad(Error{ErrorKind::io, "no"});
  const Result<int> good(7);
  EXPECT_DEATH(static_cast<void>(bad.value()), "check failed: .*value\\(\\) of a failed Result");
  EXPECT_DEATH(static_cast<void>(good.error()), "check failed: .*error\\(\\) of a successful");
}

}  // namespace
}  // namespace drover
