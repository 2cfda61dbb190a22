// drover logs: what tasks have printed, and go on to print.
#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <sstream>

#include "tests/integration/cli/cli_fixture.h"

namespace drover::test {
namespace {

using testing::HasSubstr;

constexpr char kUnknownId[] = "01930b7e-6c1f-7a52-8f3e-1b2c3d4e5f60";

class Logs : public CliTest {
 protected:
  void SetUp() override { start(); }
};

// What drover itself says comes to the same place here.
std::string without_complaints(const std::string& text) {
  std::istringstream lines(text);
  std::string rest;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("drover: ")) rest += line + "\n";
  }
  return rest;
}

TEST_F(Logs, AreTheBytesThatWerePrinted) {
  const std::string id = deployed("talk", "printf '数据'; echo oops >&2");
  await_end(id);
  EXPECT_EQ(drover({"logs", id, "--stream", "stdout"}).out, "数据");
  EXPECT_EQ(drover({"logs", id, "--stream", "stderr"}).out, "oops\n");
  EXPECT_THAT(output_of({"logs", id, "--json"}), HasSubstr(R"("stream":"stderr","text":"oops")"));
  EXPECT_TRUE(complains(drover({"logs", kUnknownId}), 4, kUnknownId));
  EXPECT_TRUE(complains(drover({"logs", id, "--task", "none"}), 4, "none"));
}

TEST_F(Logs, AreFollowedUntilTheEnd) {
  const std::string id =
      deployed("slow", "echo one; while [ ! -e " + files_ / "go ]; do sleep 0.05; done; echo two");
  Process follower({std::string(DROVER_BIN_DIR) + "/drover", "logs", "-f", id}, environment());
  ASSERT_TRUE(follower.await_line("one"));
  files_.write("go", "");
  EXPECT_EQ(follower.wait(), 0);
  EXPECT_THAT(follower.output(), HasSubstr("two\n"));
}

TEST_F(Logs, AreFollowedAcrossARestartOfTheMaster) {
  const std::string id = deployed("slow", "echo one; echo two >&2; while [ ! -e " + files_ / "go" +
                                              " ]; do sleep 0.05; done; echo three");
  Process follower({std::string(DROVER_BIN_DIR) + "/drover", "logs", "-f", id}, environment());
  ASSERT_TRUE(follower.await_line("one"));
  ASSERT_TRUE(follower.await_line("two"));
  cluster_.master().kill();
  cluster_.start_master();
  cluster_.await_online(1);
  files_.write("go", "");
  EXPECT_EQ(follower.wait(), 0) << follower.output();
  std::string seen = without_complaints(follower.output());
  EXPECT_EQ(std::count(seen.begin(), seen.end(), '\n'), 4) << seen;
  EXPECT_THAT(seen, HasSubstr("0[0].task#1: one\n"));
  EXPECT_THAT(seen, HasSubstr("0[0].task#1 stderr: two\n"));
  EXPECT_THAT(seen, testing::EndsWith("0[0].task#1: three\n[drover] 0[0].task#1: exited with 0\n"));
}

TEST_F(Logs, OfAMasterThatStopsAreFollowedOn) {
  const std::string id = deployed(
      "slow", "echo one; while [ ! -e " + files_ / "go" + " ]; do sleep 0.05; done; echo two");
  ASSERT_TRUE(eventually([&] { return output_of({"logs", id, "--stream", "stdout"}) == "one"; }));
  Process follower({std::string(DROVER_BIN_DIR) + "/drover", "logs", "-f", id, "--attempt", "1"},
                   environment());
  ASSERT_TRUE(follower.await_line("one"));
  cluster_.master().signal(SIGTERM);
  cluster_.master().wait();
  ASSERT_TRUE(follower.await_line("trying again"));
  cluster_.start_master();
  cluster_.await_online(1);
  files_.write("go", "");
  EXPECT_EQ(follower.wait(), 0) << follower.output();
  EXPECT_EQ(without_complaints(follower.output()),
            "one\ntwo\n[drover] 0[0].task#1: exited with 0\n");
}

TEST_F(Logs, OfTheLastLinesAloneItIsSaidThatSomeAreLeftOut) {
  const std::string id = deployed("slow", "echo one; echo two; while [ ! -e " + files_ / "go" +
                                              " ]; do sleep 0.05; done; echo three");
  ASSERT_TRUE(eventually([&] {
    return output_of({"logs", id, "--stream", "stdout"}).ends_with("two");
  }));
  Process follower({std::string(DROVER_BIN_DIR) + "/drover", "logs", "-f", id, "--tail", "1"},
                   environment());
  ASSERT_TRUE(follower.await_line("two"));
  cluster_.master().kill();
  cluster_.start_master();
  cluster_.await_online(1);
  ASSERT_TRUE(follower.await_line("is left out here; drover logs " + id));
  files_.write("go", "");
  EXPECT_EQ(follower.wait(), 0) << follower.output();
  EXPECT_THAT(follower.output(), testing::Not(HasSubstr("one")));
}

TEST_F(Logs, InJsonEachLineIsTheMasters) {
  const std::string id = deployed("a", "echo one");
  const std::string lines = output_of({"logs", "-f", id, "--json"});
  EXPECT_THAT(lines, HasSubstr(R"("stream":"stdout","text":"one")"));
  EXPECT_THAT(lines, HasSubstr(R"({"ended":{"group":"0")"));
}

}  // namespace
}  // namespace drover::test
