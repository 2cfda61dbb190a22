// drover top: draws, follows what changes, ends when it is asked to, and leaves no trace.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/integration/cli/cli_fixture.h"
#include "tests/integration/cli/pseudo_terminal.h"

namespace drover::test {
namespace {

using testing::HasSubstr;

const std::string kDrover = std::string(DROVER_BIN_DIR) + "/drover";
constexpr char kEntered[] = "\x1b[?1049h\x1b[?25l";
constexpr char kLeft[] = "\x1b[?25h\x1b[?1049l";

class Top : public CliTest {
 protected:
  void SetUp() override { start(); }

  // The terminal is again as it was: settings, cursor, and what was on it.
  static void expect_restored(const PseudoTerminal& terminal, const termios& before) {
    EXPECT_THAT(terminal.drawn(), HasSubstr(kEntered));
    EXPECT_TRUE(terminal.drawn().ends_with(kLeft)) << terminal.drawn();
    const termios after = terminal.settings();
    EXPECT_EQ(after.c_lflag, before.c_lflag);
    EXPECT_EQ(after.c_cc[VSUSP], before.c_cc[VSUSP]);
  }
};

TEST_F(Top, DrawsNodesAndEndsAtQ) {
  PseudoTerminal terminal({kDrover, "top", "--interval", "50ms"}, environment(), 120);
  const termios before = terminal.settings();
  ASSERT_TRUE(terminal.await("1 of 1 nodes online"));
  ASSERT_TRUE(terminal.await("\x1b[32monline\x1b[0m"));
  EXPECT_EQ(terminal.settings().c_lflag & static_cast<tcflag_t>(ECHO | ICANON), 0U);
  cluster_.create("long", "exec sleep 600");
  cluster_.deploy("long");
  EXPECT_TRUE(terminal.await("1 instance alive: 1 running")) << "it follows what changes";
  EXPECT_TRUE(terminal.await("long"));
  terminal.type("x");
  terminal.type("q");
  EXPECT_EQ(terminal.wait(), 0);
  expect_restored(terminal, before);
}

TEST_F(Top, EndsAtCtrlC) {
  PseudoTerminal terminal({kDrover, "top", "--interval", "1h"}, environment(), 120);
  const termios before = terminal.settings();
  ASSERT_TRUE(terminal.await("online"));
  terminal.type("\x03");
  EXPECT_EQ(terminal.wait(), 0);
  expect_restored(terminal, before);
}

TEST_F(Top, EndsAtSigterm) {
  PseudoTerminal terminal({kDrover, "top", "--interval", "1h"}, environment(), 120);
  const termios before = terminal.settings();
  ASSERT_TRUE(terminal.await("online"));
  ASSERT_EQ(::kill(terminal.pid(), SIGTERM), 0);
  EXPECT_EQ(terminal.wait(), 0);
  expect_restored(terminal, before);
}

TEST_F(Top, DrawsForTheSizeThatTheTerminalHas) {
  PseudoTerminal terminal({kDrover, "top", "--interval", "1s"}, environment(), 20);
  ASSERT_TRUE(terminal.await("  1 of 1 node…"));
  terminal.resize(120, 24);
  EXPECT_TRUE(terminal.await("normal\x1b[0m  1 of 1 nodes online"));
  terminal.type("q");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Top, GoesOnWhileTheMasterIsAway) {
  PseudoTerminal terminal({kDrover, "top", "--interval", "50ms"}, environment(), 120);
  ASSERT_TRUE(terminal.await("online"));
  cluster_.master().kill();
  EXPECT_TRUE(terminal.await("Connection refused; trying again"));
  terminal.type("q");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(Top, NeedsATerminalAndAMaster) {
  EXPECT_TRUE(complains(drover({"top"}), 2, "needs a terminal"));
  auto variables = environment();
  variables["DROVER_SERVER"] = "127.0.0.1:1";
  PseudoTerminal terminal({kDrover, "top"}, variables);
  EXPECT_EQ(terminal.wait(), 3);
  EXPECT_EQ(terminal.drawn().find(kEntered), std::string::npos);
}

}  // namespace
}  // namespace drover::test
