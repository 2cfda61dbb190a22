#include "agent/state/directories.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/state/temporary_layout.h"

namespace drover::agent::state {
namespace {

namespace fs = std::filesystem;

class DirectoriesTest : public WithLayout {
 protected:
  // An allocation that ran, wrote output, and left a file in its working directory.
  void run(Directories& directories, const AllocationId& id) {
    ASSERT_TRUE(directories.make_work(id, false));
    write(layout_.output_of(AttemptId{id, 0, 1}) + ".stdout", "text");
    write(layout_.work_of(id) + "/file", "text");
  }
  bool has_output(const AllocationId& id) const { return fs::exists(layout_.output_of(id)); }
  bool has_work(const AllocationId& id) const { return fs::exists(layout_.work_of(id)); }
};

TEST_F(DirectoriesTest, KeepsTheOnesRemovedLast) {
  Directories directories(layout_, 2);
  ASSERT_TRUE(directories.open({}));
  for (std::uint8_t number = 1; number <= 4; ++number) {
    run(directories, allocation(number));
    directories.retire(allocation(number));
  }
  EXPECT_FALSE(has_output(allocation(1)) || has_work(allocation(1)));
  EXPECT_FALSE(has_output(allocation(2)) || has_work(allocation(2)));
  EXPECT_TRUE(has_output(allocation(3)) && has_work(allocation(3)));
  EXPECT_TRUE(has_output(allocation(4)) && has_work(allocation(4)));
}

TEST_F(DirectoriesTest, TheOutputOfOneAttemptGoesAndThatOfOthersStays) {
  Directories directories(layout_, 1);
  ASSERT_TRUE(directories.open({}));
  run(directories, allocation(1));
  const AttemptId first{allocation(1), 0, 1};
  const AttemptId second{allocation(1), 0, 2};
  for (const char* end : {".stdout", ".stdout.1", ".stdout.2", ".stderr"}) {
    for (const AttemptId& id : {first, second}) std::ofstream(layout_.output_of(id) + end) << "x";
  }
  directories.drop_output(first);
  for (const char* end : {".stdout", ".stdout.1", ".stdout.2", ".stderr"}) {
    EXPECT_FALSE(fs::exists(layout_.output_of(first) + end)) << end;
    EXPECT_TRUE(fs::exists(layout_.output_of(second) + end)) << end;
  }
}

TEST_F(DirectoriesTest, WhatIsEmptyGoesAtOnceAndTakesNoPlace) {
  Directories directories(layout_, 1);
  ASSERT_TRUE(directories.open({}));
  run(directories, allocation(1));
  directories.retire(allocation(1));
  ASSERT_TRUE(directories.make_work(allocation(2), false));
  directories.retire(allocation(2));
  EXPECT_FALSE(has_work(allocation(2)));
  EXPECT_TRUE(has_output(allocation(1)));
}

TEST_F(DirectoriesTest, ARestartFindsTheOldOnesAndSparesWhatIsHeld) {
  {
    Directories directories(layout_, 10);
    ASSERT_TRUE(directories.open({}));
    for (std::uint8_t number = 1; number <= 4; ++number) run(directories, allocation(number));
  }
  const auto now = fs::file_time_type::clock::now();
  for (std::uint8_t number = 1; number <= 4; ++number) {
    const auto time = now - std::chrono::hours(10 - number);
    fs::last_write_time(layout_.output_of(allocation(number)), time);
    fs::last_write_time(layout_.work_of(allocation(number)), time);
  }
  write(layout_.output() + "/not-ours/file", "text");
  Directories directories(layout_, 1);
  ASSERT_TRUE(directories.open({allocation(1)}));
  EXPECT_TRUE(has_output(allocation(1))) << "it is held";
  EXPECT_FALSE(has_output(allocation(2)));
  EXPECT_FALSE(has_output(allocation(3)));
  EXPECT_TRUE(has_output(allocation(4)));
  EXPECT_TRUE(fs::exists(layout_.output() + "/not-ours/file"));
}

TEST_F(DirectoriesTest, MakingOneTwiceIsFine) {
  Directories directories(layout_, 1);
  ASSERT_TRUE(directories.open({}));
  EXPECT_TRUE(directories.make_work(allocation(1), false));
  EXPECT_TRUE(directories.make_work(allocation(1), false));
  fs::remove_all(layout_.work());
  EXPECT_FALSE(directories.make_work(allocation(1), false));
}

TEST_F(DirectoriesTest, OtherUsersFindTheirWayIntoIt) {
  Directories directories(layout_, 10);
  ASSERT_TRUE(directories.open({}));
  ASSERT_TRUE(directories.make_work(allocation(1), true));
  const auto mode = [](const std::string& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
  };
  EXPECT_EQ(mode(layout_.root), 0711U);
  EXPECT_EQ(mode(layout_.work()), 0711U);
  EXPECT_EQ(mode(layout_.output()), 0700U);
  EXPECT_EQ(mode(layout_.work_of(allocation(1))), 0700U) << "the supervisor makes it over";
}

}  // namespace
}  // namespace drover::agent::state
