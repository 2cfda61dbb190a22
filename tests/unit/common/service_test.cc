#include "common/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/temp_dir.h"

namespace drover {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A program with flags of each kind, started with arguments, variables and a file.
class ParseFlagsTest : public testing::Test {
 protected:
  ParseFlagsTest() {
    app_.add_option("--data-dir", data_dir_, "a text");
    app_.add_option("--workers", workers_, "a number");
    app_.add_option("--label", labels_, "a list");
    app_.add_flag("--insecure", insecure_, "yes or no");
  }
  ~ParseFlagsTest() override {
    for (const std::string& name : variables_) ::unsetenv(name.c_str());
  }

  void set_variable(const std::string& name, const std::string& value) {
    ASSERT_EQ(::setenv(name.c_str(), value.c_str(), 1), 0);
    variables_.push_back(name);
  }

  ParsedFlags start(std::vector<std::string> arguments, const std::string& config_file = "") {
    std::vector<const char*> argv{"drover-sample"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    const ParsedFlags parsed =
        parse_flags(app_, static_cast<int>(argv.size()), argv.data(), config_file);
    stderr_ = testing::internal::GetCapturedStderr();
    stdout_ = testing::internal::GetCapturedStdout();
    return parsed;
  }

  void expect_started(const std::vector<std::string>& arguments) {
    const ParsedFlags parsed = start(arguments);
    EXPECT_TRUE(parsed.go_on) << stderr_;
    EXPECT_EQ(stderr_, "");
  }

  // One line on stderr that names the program and holds `part`; exit status 2.
  void expect_refused(const std::vector<std::string>& arguments, const std::string& part) {
    const ParsedFlags parsed = start(arguments);
    EXPECT_FALSE(parsed.go_on);
    EXPECT_EQ(parsed.exit_status, kUsageExit);
    EXPECT_THAT(stderr_, testing::StartsWith("drover-sample: "));
    EXPECT_THAT(stderr_, HasSubstr(part));
    EXPECT_THAT(stderr_, HasSubstr("drover-sample --help"));
    EXPECT_EQ(std::count(stderr_.begin(), stderr_.end(), '\n'), 1) << stderr_;
    EXPECT_EQ(stdout_, "");
  }

  CLI::App app_{"A sample", "drover-sample"};
  TempDir temp_;
  std::string data_dir_ = "default";
  int workers_ = 1;
  std::vector<std::string> labels_;
  bool insecure_ = false;
  std::string stderr_, stdout_;

 private:
  std::vector<std::string> variables_;
};

TEST_F(ParseFlagsTest, NothingGivenKeepsTheDefaults) {
  expect_started({});
  EXPECT_EQ(data_dir_, "default");
  EXPECT_FALSE(insecure_);
}

TEST_F(ParseFlagsTest, AFlagIsReadInBothForms) {
  expect_started({"--data-dir", "/a", "--workers=3", "--insecure"});
  EXPECT_EQ(data_dir_, "/a");
  EXPECT_EQ(workers_, 3);
  EXPECT_TRUE(insecure_);
}

TEST_F(ParseFlagsTest, AVariableIsReadWhereNoFlagIsGiven) {
  set_variable("DROVER_DATA_DIR", "/variable");
  set_variable("DROVER_INSECURE", "true");
  set_variable("DROVER_LABEL", "zone=a");
  expect_started({});
  EXPECT_EQ(data_dir_, "/variable");
  EXPECT_TRUE(insecure_);
  EXPECT_THAT(labels_, ElementsAre("zone=a"));
}

TEST_F(ParseFlagsTest, AFlagWinsOverTheVariable) {
  set_variable("DROVER_DATA_DIR", "/variable");
  set_variable("DROVER_LABEL", "zone=a");
  expect_started({"--data-dir=/flag", "--label", "zone=b"});
  EXPECT_EQ(data_dir_, "/flag");
  EXPECT_THAT(labels_, ElementsAre("zone=b"));
}

TEST_F(ParseFlagsTest, AnEmptyVariableIsNone) {
  set_variable("DROVER_INSECURE", "");
  set_variable("DROVER_DATA_DIR", "");
  expect_started({});
  EXPECT_FALSE(insecure_);
  EXPECT_EQ(data_dir_, "default");
}

TEST_F(ParseFlagsTest, AVariableCanSayNo) {
  const std::string file = temp_.write("config", "insecure = true\n");
  set_variable("DROVER_INSECURE", "false");
  expect_started({"--config", file});
  EXPECT_FALSE(insecure_);
}

TEST_F(ParseFlagsTest, AFileThatNeedNotBeNamedIsReadWhereItIs) {
  EXPECT_TRUE(start({}, temp_ / "absent").go_on) << stderr_;
  EXPECT_EQ(data_dir_, "default");
  const std::string file = temp_.write("config", "data-dir = \"/file\"\n");
  EXPECT_TRUE(start({}, file).go_on) << stderr_;
  EXPECT_EQ(data_dir_, "/file");
}

TEST_F(ParseFlagsTest, AFileThatIsNamedIsReadInstead) {
  const std::string unread = temp_.write("unread", "data-dir = \"/unread\"\n");
  const std::string file = temp_.write("config", "workers = 5\n");
  EXPECT_TRUE(start({"--config", file}, unread).go_on) << stderr_;
  EXPECT_EQ(data_dir_, "default");
  EXPECT_EQ(workers_, 5);
}

TEST_F(ParseFlagsTest, TheFileIsReadWhereNeitherIsGiven) {
  const std::string file = temp_.write("config",
                                       "# a comment\n"
                                       "data-dir = \"/file\"\n"
                                       "workers = 5\n"
                                       "label = [\"zone=a\", \"disk=ssd\"]\n"
                                       "insecure = true\n");
  expect_started({"--config", file});
  EXPECT_EQ(data_dir_, "/file");
  EXPECT_EQ(workers_, 5);
  EXPECT_THAT(labels_, ElementsAre("zone=a", "disk=ssd"));
  EXPECT_TRUE(insecure_);
}

TEST_F(ParseFlagsTest, AVariableWinsOverTheFileAndAFlagOverBoth) {
  const std::string file = temp_.write("config", "data-dir = \"/file\"\nworkers = 5\n");
  set_variable("DROVER_CONFIG", file);
  set_variable("DROVER_WORKERS", "6");
  set_variable("DROVER_DATA_DIR", "/variable");
  expect_started({"--data-dir", "/flag"});
  EXPECT_EQ(data_dir_, "/flag");
  EXPECT_EQ(workers_, 6);
}

TEST_F(ParseFlagsTest, AWrongFlagIsOneLine) {
  expect_refused({"--no-such-flag"}, "--no-such-flag");
  expect_refused({"stray"}, "stray");
  expect_refused({"--data-dir"}, "--data-dir");
  expect_refused({"--workers", "many"}, "many");
  expect_refused({"--workers=1\n2"}, "--workers");
}

TEST_F(ParseFlagsTest, AWrongVariableIsOneLine) {
  set_variable("DROVER_WORKERS", "many");
  expect_refused({}, "many");
}

TEST_F(ParseFlagsTest, AnUnknownKeyInTheFileIsNamed) {
  const std::string file = temp_.write("config", "data-dri = \"/file\"\n");
  expect_refused({"--config", file}, "data-dri");
  EXPECT_THAT(stderr_, HasSubstr(file));
}

TEST_F(ParseFlagsTest, AWrongValueInTheFileIsNamed) {
  const std::string file = temp_.write("config", "workers = \"many\"\n");
  expect_refused({"--config", file}, "many");
}

TEST_F(ParseFlagsTest, AMissingFileIsNamed) {
  expect_refused({"--config", temp_ / "missing"}, temp_ / "missing");
}

TEST_F(ParseFlagsTest, HelpListsTheFlagsAndIsNoError) {
  const ParsedFlags parsed = start({"--help"});
  EXPECT_FALSE(parsed.go_on);
  EXPECT_EQ(parsed.exit_status, 0);
  EXPECT_EQ(stderr_, "");
  EXPECT_THAT(stdout_, HasSubstr("--data-dir"));
}

TEST(FailTest, SaysWhoAndWhatOnOneLine) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(fail("drover-sample", "cannot listen on 127.0.0.1:1"), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "drover-sample: cannot listen on 127.0.0.1:1\n");
}

// Signals go to a thread of the test's own, so that nothing outside is touched.
class StopSignalTest : public testing::Test {
 protected:
  // What wait_for_stop_signal returns in a thread that is sent `signals` in turn.
  static int wait_while_sending(const std::vector<int>& signals) {
    int seen = 0;
    std::thread waiter([&] {
      block_stop_signals();
      for (const int signal : signals) pthread_kill(pthread_self(), signal);
      seen = wait_for_stop_signal([] {});
    });
    waiter.join();
    return seen;
  }
};

TEST_F(StopSignalTest, TermAndIntStop) {
  EXPECT_EQ(wait_while_sending({SIGTERM}), SIGTERM);
  EXPECT_EQ(wait_while_sending({SIGINT}), SIGINT);
}

TEST_F(StopSignalTest, AClosedTerminalDoesNot) {
  EXPECT_EQ(wait_while_sending({SIGHUP, SIGTERM}), SIGTERM);
}

TEST_F(StopSignalTest, TheWatchdogIsFedWhileWaiting) {
  ::setenv("WATCHDOG_USEC", "20000", 1);
  int fed = 0;
  std::thread waiter([&] {
    block_stop_signals();
    wait_for_stop_signal([&] {
      if (++fed == 3) pthread_kill(pthread_self(), SIGTERM);
    });
  });
  waiter.join();
  ::unsetenv("WATCHDOG_USEC");
  EXPECT_EQ(fed, 3);
}

}  // namespace
}  // namespace drover
