// What there is, and what has happened: drover ps, events.
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <csignal>
#include <sstream>

#include "tests/integration/cli/cli_fixture.h"

namespace drover::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Lists : public CliTest {
 protected:
  void SetUp() override { start(); }

  std::string deployed(const std::string& name, const std::string& command) {
    cluster_.create(name, command);
    return output_of({"deploy", name});
  }
  void await_end(const std::string& id) const {
    ASSERT_TRUE(eventually([&] {
      return output_of({"status", id}).find("State     completed") != std::string::npos;
    }));
  }
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
  EXPECT_THAT(output_of({"ps", "--state", "completed"}), HasSubstr(over));
  EXPECT_THAT(output_of({"ps", "-a", "--template", "日报"}), Not(HasSubstr(alive)));
  const auto json = boost::json::parse(output_of({"ps", "--json"}));
  EXPECT_EQ(json.at("instances").as_array().size(), 1U);
  EXPECT_TRUE(complains(drover({"ps", "--state", "odd"}), 1, "odd"));
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
}

}  // namespace
}  // namespace drover::test
