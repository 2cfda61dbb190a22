// Connections that break in the middle: nothing is done twice, and nothing is lost or said twice.
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "tests/integration/cli/cli_fixture.h"
#include "tests/integration/cli/cutting_proxy.h"

namespace drover::test {
namespace {

using testing::HasSubstr;

class Breaks : public CliTest {
 protected:
  void SetUp() override { start(); }

  std::string template_of(const std::string& command) {
    return files_.write("t.json", R"({"name":"t","task_groups":[{"tasks":[{"name":"t","config":)"
                                  R"({"command":")" +
                                      command + R"("}}]}]})");
  }
  std::size_t instances() const {
    const auto list = boost::json::parse(output_of({"ps", "--all", "--json"}));
    return list.at("instances").as_array().size();
  }
};

TEST_F(Breaks, ADeployWhoseAnswerIsLostIsSentAgain) {
  cluster_.create("a", "true");
  const CuttingProxy proxy(cluster_.http_port(), {0, 20});
  const Ended deployed = drover({"deploy", "a", "--server", proxy.address()});
  EXPECT_EQ(deployed.code, 0) << deployed.err;
  EXPECT_EQ(deployed.err, "") << "it did not last";
  EXPECT_EQ(instances(), 1U);
  EXPECT_THAT(output_of({"ps", "--all"}), HasSubstr(deployed.out.substr(0, 36)));
}

TEST_F(Breaks, ATemplateOfAFileAsWell) {
  const CuttingProxy proxy(cluster_.http_port(), {0, 0, 0});
  const Ended run =
      drover({"run", "-f", template_of("echo hello; exit 3"), "--server", proxy.address()});
  EXPECT_EQ(run.code, 3) << run.err;
  EXPECT_EQ(run.out, "hello\n");
  EXPECT_EQ(instances(), 1U);
  EXPECT_THAT(output_of({"template", "list"}), HasSubstr("t     1 "));
}

TEST_F(Breaks, RunPrintsEachLineOnce) {
  constexpr int kLines = 20000;
  const std::string count = std::to_string(kLines);
  const CuttingProxy proxy(cluster_.http_port(), {3000, 70'000, 300'000, 1'000'000});
  const Ended run = drover({"run", "-f", template_of("seq " + count + "; seq " + count + " >&2"),
                            "--server", proxy.address()});
  EXPECT_EQ(run.code, 0) << run.err.substr(0, 1000);
  std::string expected;
  for (int line = 1; line <= kLines; ++line) expected += std::to_string(line) + "\n";
  EXPECT_TRUE(run.out == expected) << run.out.size();
  EXPECT_TRUE(run.err == expected) << run.err.size();
}

TEST_F(Breaks, EventsAreSaidOnce) {
  cluster_.create("a", "true");
  for (int number = 0; number < 10; ++number) cluster_.deploy("a");
  ASSERT_TRUE(eventually([&] {
    const auto list = boost::json::parse(output_of({"ps", "--json"}));
    return list.at("instances").as_array().empty();
  }));
  const CuttingProxy proxy(cluster_.http_port(), {500, 900, 2000, 0});
  const Ended events = drover({"events", "--server", proxy.address()});
  EXPECT_EQ(events.code, 0) << events.err;
  EXPECT_EQ(events.out, output_of({"events"}) + "\n");
}

}  // namespace
}  // namespace drover::test
