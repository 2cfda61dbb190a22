// What there is, and what has happened: drover ps, events.
#include <gmock/gmock.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <csignal>
#include <regex>
#include <sstream>

#include "tests/integration/cli/cli_fixture.h"

namespace drover::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// A second may pass between two outputs: their two last columns are left out.
std::string without_ages(const std::string& table) {
  return std::regex_replace(table, std::regex(" +[0-9]+s +[0-9]+s(?=\n|$)"), "");
}

class Lists : public CliTest {
 protected:
  void SetUp() override { start(); }
};

TEST_F(Lists, PsShowsWhatHasNotEnded) {
  const std::string over = deployed("日报", "true");
  await_end(over);
  const std::string alive = deployed("long", "exec sleep 600");
  ASSERT_TRUE(eventually([&] { return output_of({"ps"}).find("running") != std::string::npos; }));
  EXPECT_THAT(output_of({"ps"}), HasSubstr(alive));
  EXPECT_THAT(output_of({"ps"}), Not(HasSubstr(over)));
  const std::string all = output_of({"ps", "--all"});
  EXPECT_THAT(all, testing::StartsWith("ID "));
  EXPECT_LT(all.find(alive), all.find(over)) << "the newest first";
  EXPECT_THAT(output_of({"ps", "-a", "--most", "1"}), Not(HasSubstr(over)));
  EXPECT_EQ(without_ages(output_of({"ps", "--most", "0", "--all"})), without_ages(all));
  EXPECT_THAT(output_of({"ps", "--state", "completed"}), HasSubstr(over));
  EXPECT_THAT(output_of({"ps", "-a", "--since", "1h", "--label", "none=x"}), Not(HasSubstr(over)));
  EXPECT_THAT(output_of({"ps", "-a", "--since", "1h"}), HasSubstr(over));
  EXPECT_THAT(output_of({"ps", "-a", "--until", "1h"}), Not(HasSubstr(over)));
  EXPECT_THAT(output_of({"ps", "-a", "--template", "日报"}), Not(HasSubstr(alive)));
  const auto json = boost::json::parse(output_of({"ps", "--json"}));
  EXPECT_EQ(json.at("instances").as_array().size(), 1U);
  EXPECT_TRUE(complains(drover({"ps", "--state", "odd"}), 1, "odd"));
  EXPECT_TRUE(complains(drover({"ps", "--since", "yesterday"}), 2, "2h for two hours ago"));
}

TEST_F(Lists, PsSaysWhereItLeavesSomethingOut) {
  cluster_.create("short", "true");
  constexpr int kDeployed = 101;  // one more than is shown
  for (int number = 0; number < kDeployed; ++number) cluster_.deploy("short");
  const Ended some = drover({"ps", "--all"});
  EXPECT_EQ(std::count(some.out.begin(), some.out.end(), '\n'), kDeployed);
  EXPECT_TRUE(complains(some, 0, "--most 0 all"));
  const std::string all = output_of({"ps", "--all", "--most", "0"});
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), kDeployed);
  const auto json = boost::json::parse(output_of({"ps", "--all", "--most", "100", "--json"}));
  EXPECT_TRUE(json.as_object().contains("cursor"));
}

TEST_F(Lists, AReaderThatGoesIsNoError) {
  Process pipe({"/bin/sh", "-c", std::string(DROVER_BIN_DIR) + "/drover ps | true"}, environment());
  EXPECT_EQ(pipe.wait(), 0);
  EXPECT_EQ(pipe.output(), "");
}

TEST_F(Lists, EventsAreShownAndFollowed) {
  const std::string id = deployed("a", "true");
  await_end(id);
  const std::string events = output_of({"events", "--instance", id});
  EXPECT_THAT(events, HasSubstr("instance.created"));
  EXPECT_THAT(events, HasSubstr("completed"));
  EXPECT_THAT(events, Not(HasSubstr("node.")));
  std::istringstream lines(output_of({"events", "--json", "--kind", "node"}));
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_THAT(line, testing::MatchesRegex(".*\"kind\":\"node\\.[a-z]+\".*"));
  Process follower({std::string(DROVER_BIN_DIR) + "/drover", "events", "-f"}, environment());
  ASSERT_TRUE(follower.await_line("instance.created"));
  const std::string next = deployed("b", "true");
  EXPECT_TRUE(follower.await_line("instance=" + next));
  follower.signal(SIGINT);
  EXPECT_EQ(follower.wait(), 130);
  EXPECT_TRUE(complains(drover({"events", "--after", "x"}), 1, "x"));
  EXPECT_TRUE(complains(drover({"events", "--kind", "nod"}), 1, "node"));
}

TEST_F(Lists, EventsSinceAreThoseAlone) {
  await_end(deployed("a", "true"));
  EXPECT_THAT(output_of({"events", "--since", "1h"}), HasSubstr("instance.created"));
  EXPECT_EQ(output_of({"events", "--since", "0s"}), "");
}

// The same events as without the break, each of them once.
TEST_F(Lists, EventsAreFollowedAcrossARestartOfTheMaster) {
  Process follower({std::string(DROVER_BIN_DIR) + "/drover", "events", "-f", "--kind", "instance"},
                   environment());
  const std::string before = deployed("a", "true");
  ASSERT_TRUE(follower.await_line("instance=" + before));
  await_end(before);
  cluster_.master().kill();
  cluster_.start_master();
  cluster_.await_online(1);
  const std::string behind = deployed("b", "true");
  await_end(behind);
  ASSERT_TRUE(eventually([&] {
    const std::string seen = follower.output();
    return seen.find("completed", seen.find("instance=" + behind)) != std::string::npos;
  }));
  follower.signal(SIGTERM);
  EXPECT_EQ(follower.wait(), 130);
  std::istringstream lines(follower.output());
  std::string seen;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("drover: ")) seen += line + "\n";
  }
  EXPECT_EQ(seen, output_of({"events", "--kind", "instance"}) + "\n");
}

TEST_F(Lists, EventsOfAMasterThatStopsAreFollowedOn) {
  Process follower({std::string(DROVER_BIN_DIR) + "/drover", "events", "-f"}, environment());
  ASSERT_TRUE(follower.await_line("node.joined"));
  cluster_.master().signal(SIGTERM);
  cluster_.master().wait();
  ASSERT_TRUE(follower.await_line("trying again"));
  cluster_.start_master();
  EXPECT_TRUE(follower.await_line("the master answers again"));
  EXPECT_TRUE(follower.await_line("instance=" + deployed("b", "true")));
}

}  // namespace
}  // namespace drover::test
