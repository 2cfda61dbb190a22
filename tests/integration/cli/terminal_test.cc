// What is different where there is a terminal: colours, widths, a line that shows how it goes.
#include <gmock/gmock.h>

#include "tests/integration/cli/cli_fixture.h"
#include "tests/integration/cli/pseudo_terminal.h"

namespace drover::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kDrover = std::string(DROVER_BIN_DIR) + "/drover";

class Terminal : public CliTest {
 protected:
  void SetUp() override { start(); }

  std::map<std::string, std::string> with(const std::string& name, const std::string& value) const {
    auto variables = environment();
    variables[name] = value;
    return variables;
  }
  // What is drawn by a command that ends well.
  std::string drawn_by(const std::vector<std::string>& arguments,
                       const std::map<std::string, std::string>& variables,
                       unsigned short columns = 200) const {
    std::vector<std::string> line{kDrover};
    line.insert(line.end(), arguments.begin(), arguments.end());
    PseudoTerminal terminal(line, variables, columns);
    EXPECT_EQ(terminal.wait(), 0) << terminal.drawn();
    return terminal.drawn();
  }
};

TEST_F(Terminal, ColoursAreThereAndCanBeSwitchedOff) {
  EXPECT_THAT(drawn_by({"nodes"}, environment()), HasSubstr("\x1b[32monline\x1b[0m"));
  EXPECT_THAT(drawn_by({"nodes"}, with("NO_COLOR", "1")), Not(HasSubstr("\x1b")));
  EXPECT_THAT(drawn_by({"nodes"}, with("TERM", "dumb")), Not(HasSubstr("\x1b")));
  EXPECT_THAT(drawn_by({"nodes", "--color", "never"}, environment()), Not(HasSubstr("\x1b")));
  EXPECT_THAT(output_of({"nodes"}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(output_of({"nodes", "--color", "always"}), HasSubstr("\x1b[32monline"));
}

TEST_F(Terminal, TablesAreCutToItsWidth) {
  const std::string narrow = drawn_by({"nodes", "--color", "never"}, environment(), 80);
  std::istringstream lines(narrow);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    const auto continuations = std::count_if(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    });
    EXPECT_LE(line.size() - static_cast<std::size_t>(continuations), 80U) << line;
  }
  EXPECT_THAT(narrow, HasSubstr("…"));
}

TEST_F(Terminal, WaitingShowsALineThatGoes) {
  cluster_.create("slow", "while [ ! -e " + files_ / "go ]; do sleep 0.05; done");
  PseudoTerminal terminal({kDrover, "deploy", "slow", "--wait"}, environment());
  ASSERT_TRUE(terminal.await("is running: 1 of 1 task runs"));
  files_.write("go", "");
  EXPECT_EQ(terminal.wait(), 0) << terminal.drawn();
  EXPECT_TRUE(terminal.drawn().ends_with("\r\x1b[K")) << "the line is taken away";
}

TEST_F(Terminal, RunShowsWhatItWaitsForUntilThereIsOutput) {
  const std::string path = files_.write(
      "t.json",
      R"({"name":"t","task_groups":[{"constraints":[{"attribute":"label.rack","value":"7"}],)"
      R"("tasks":[{"name":"t","config":{"command":"echo hello"}}]}]})");
  PseudoTerminal terminal({kDrover, "run", "-f", path}, environment(), 200);
  ASSERT_TRUE(terminal.await("its constraints hold on no node"));
  cluster_.start_agent(1, {"--label", "rack=7"});
  EXPECT_EQ(terminal.wait(), 0) << terminal.drawn();
  EXPECT_TRUE(terminal.drawn().ends_with("\r\x1b[Khello\r\n")) << terminal.drawn();
}

TEST_F(Terminal, CtrlCStopsWhatIsRunAndASecondOneEndsTheWait) {
  const std::string path = files_.write(
      "t.json", R"({"name":"t","task_groups":[{"tasks":[{"name":"t","config":{"command":)"
                R"("trap '' TERM; echo begun; while :; do sleep 0.05; done"}}]}]})");
  PseudoTerminal terminal({kDrover, "run", "-f", path}, environment());
  ASSERT_TRUE(terminal.await("begun"));
  terminal.type("\x03");
  ASSERT_TRUE(terminal.await("stopping the instance"));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 130) << terminal.drawn();
  EXPECT_THAT(terminal.drawn(), HasSubstr("is being stopped"));
}

TEST_F(Terminal, TheLineIsNeverWiderThanTheTerminal) {
  cluster_.create(
      R"({"name":"数据清洗与分析任务","task_groups":[{"constraints":[{"attribute":)"
      R"("label.none","value":"x"}],"tasks":[{"name":"t","config":{"command":"true"}}]}]})");
  PseudoTerminal terminal({kDrover, "deploy", "数据清洗与分析任务", "--wait"}, environment(), 30);
  ASSERT_TRUE(terminal.await("…"));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 130);
  EXPECT_THAT(terminal.drawn(), HasSubstr("no longer waiting; the instance goes on: drover stop "));
}

}  // namespace
}  // namespace drover::test
