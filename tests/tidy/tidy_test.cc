// The rules of rules.h, applied to this project.
#include <gtest/gtest.h>

#include "tests/tidy/rules.h"

namespace drover::tidy {
namespace {

// Compiled in: the top level of the source tree.
const std::string kTop = DROVER_SOURCE_DIR;

const Files& project() {
  static const Files files = read_tree(kTop);
  return files;
}

void expect_none(const Findings& findings) { EXPECT_TRUE(findings.empty()) << text_of(findings); }

TEST(TidyTest, TheWholeProjectIsRead) {
  EXPECT_GT(project().size(), 50U);
  bool seen = false;
  for (const File& file : project()) seen |= file.path == "tests/tidy/tidy_test.cc";
  EXPECT_TRUE(seen);
}

TEST(TidyTest, FilesAreShort) { expect_none(find_long_files(project(), 500)); }
TEST(TidyTest, WhiteSpaceIsTidy) { expect_none(find_untidy_white_space(project())); }
TEST(TidyTest, NothingIsMarkedUnfinished) { expect_none(find_unfinished_marks(project())); }
TEST(TidyTest, NoPathOfOneMachine) { expect_none(find_machine_paths(project())); }
TEST(TidyTest, ScriptsAreValid) { expect_none(find_broken_scripts(project(), kTop)); }
TEST(TidyTest, HeadersIntroduceThemselves) { expect_none(find_bare_headers(project())); }
TEST(TidyTest, EveryFileIsBuilt) { expect_none(find_unbuilt_files(project())); }

TEST(TidyTest, ChildrenAreWaitedForInOnePlace) {
  // In the supervisor, the reaper; in the agent, where it starts a supervisor.
  expect_none(find_fence_jumpers(
      project(), {kWaitForChild, {"agent/supervisor/reaper.cc", "agent/supervisor/launch.cc"}}));
}

TEST(TidyTest, TestsWaitForEvents) {
  // Polls for what has no event of its own, in one place for all tests.
  const std::string eventually = "tests/support/process.h";
  expect_none(find_sleeps(project(), {eventually}));
}

class CoreTest : public testing::TestWithParam<const char*> {};

TEST_P(CoreTest, IsPure) { expect_none(find_impurities(project(), GetParam())); }

TEST_P(CoreTest, LinksTheCommonLibraryAlone) {
  expect_none(find_unexpected_links(project(), GetParam(), {"drover_common", "drover_options"}));
}

INSTANTIATE_TEST_SUITE_P(Cores, CoreTest, testing::Values("master/core", "agent/core"),
                         [](const auto& tested) {
                           return std::string(tested.param) == "master/core" ? "master" : "agent";
                         });

TEST(TidyTest, NobodyAsksAbseilForTheTime) {
  expect_none(find_fence_jumpers(project(), {"\\babsl::(Now|LocalTimeZone|SleepFor)", {}}));
}

TEST(TidyTest, OnlyTheCalendarTheApiWhatIsReadAndWhatUsesGrpcNameAbseil) {
  expect_none(find_fence_jumpers(project(), {"\\babsl(::|/)",
                                             {"master/schedule", "master/http", "cli/text",
                                              "master/agents", "agent/link", "tests/bench"}}));
}

TEST(TidyTest, OnlyTheStoreNamesItsEngine) {
  expect_none(find_fence_jumpers(project(), {"\\brocksdb(::|/)", {"master/store"}}));
}

TEST(TidyTest, OnlyTheRoomsThatSpeakHttpNameBeast) {
  expect_none(find_fence_jumpers(
      project(), {"\\bbeast(::|/|\\.hpp)", {"master/http", "agent/health", "cli/client"}}));
}

TEST(TidyTest, OnlyTheLinkRoomsNameGrpc) {
  expect_none(find_fence_jumpers(
      project(), {"\\bgrpc(::|/|pp/)|\\.grpc\\.", {"master/agents", "agent/link"}}));
}

}  // namespace
}  // namespace drover::tidy
