#include "cli/commands/exit_codes.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "cli/commands/instance_state.h"

namespace drover::cli {
namespace {

namespace json = boost::json;

// Of an instance with these tasks, in JSON.
int of_tasks(const std::string& tasks, const std::string& state = "failed") {
  const std::string text =
      R"({"state":")" + state + R"(","groups":[{"tasks":[)" + tasks + R"(]}]})";
  return exit_code_of_tasks(json::parse(text).get_object());
}

TEST(ExitCodes, EveryKindOfErrorHasItsOwn) {
  EXPECT_EQ(exit_code_of(ErrorKind::invalid), 1);
  EXPECT_EQ(exit_code_of(ErrorKind::io), 3);
  EXPECT_EQ(exit_code_of(ErrorKind::not_found), 4);
  EXPECT_EQ(exit_code_of(ErrorKind::conflict), 5);
  EXPECT_EQ(exit_code_of(ErrorKind::unavailable), 6);
}

TEST(ExitCodes, OfATaskAreItsOwn) {
  EXPECT_EQ(of_tasks(R"({"state":"succeeded","exit_code":0})"), 0);
  EXPECT_EQ(of_tasks(R"({"state":"failed","exit_code":3})"), 3);
  EXPECT_EQ(of_tasks(R"({"state":"succeeded","exit_code":3})"), 3);
  EXPECT_EQ(of_tasks(R"({"state":"failed","signal":9})"), 137);
  EXPECT_EQ(of_tasks(R"({"state":"stopped","signal":15})"), 143);
  EXPECT_EQ(of_tasks(R"({"state":"lost"})"), kTaskLost);
  EXPECT_EQ(of_tasks(R"({"state":"failed","errno":2})"), kTaskNotStarted);
  EXPECT_EQ(of_tasks(R"({"state":"stopped"})"), kTaskNotStarted);
}

TEST(ExitCodes, NoSuccessIsNeverZero) {
  EXPECT_EQ(of_tasks(R"({"state":"failed","exit_code":0})"), 1);
  EXPECT_EQ(of_tasks(R"({"state":"stopped","exit_code":0})"), 1);
  EXPECT_EQ(of_tasks("", "stopped"), kTaskNotStarted);
  EXPECT_EQ(of_tasks("", "completed"), 0);
}

TEST(ExitCodes, OfSeveralTasksTheFirstThatWasNoSuccessCounts) {
  const std::string well = R"({"state":"succeeded","exit_code":0})";
  EXPECT_EQ(of_tasks(well + "," + well), 0);
  EXPECT_EQ(of_tasks(well + R"(,{"state":"failed","exit_code":4},{"state":"lost"})"), 4);
  EXPECT_EQ(of_tasks(R"({"state":"succeeded","exit_code":3},)" + well), 0);
}

TEST(ExitCodes, AreAllInTheReadme) {
  std::ifstream file(DROVER_SOURCE_DIR "/cli/README.md");
  const std::string readme((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
  for (const int code : {0, 1, 2, 3, 4, 5, 6, 7, 8, 121, 122, 124, 125, 130}) {
    EXPECT_NE(readme.find("\n| " + std::to_string(code) + " |"), std::string::npos) << code;
  }
}

}  // namespace
}  // namespace drover::cli
