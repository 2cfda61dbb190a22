// The scripts, as the shells themselves understand them, where they are installed.
#include "cli/commands/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "tests/support/temp_dir.h"
#include "tests/unit/cli/commands/whole_tree.h"

namespace drover::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;

// Lines that a shell command prints.
std::vector<std::string> lines_of(const std::string& command) {
  std::vector<std::string> lines;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 1024> line{};
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    lines.emplace_back(line.data());
    if (lines.back().ends_with('\n')) lines.back().pop_back();
  }
  EXPECT_EQ(::pclose(pipe), 0) << command;
  return lines;
}

bool is_installed(const std::string& shell) {
  return !lines_of("command -v " + shell + " || true").empty();
}

class Completion : public testing::Test {
 protected:
  // What bash offers for the last of the words.
  std::vector<std::string> in_bash(const std::string& words) {
    const std::string script = directory_.write("drover.bash", bash_completion(root_));
    return lines_of("bash -c '. " + script +
                    "; drover() { printf \"日 报\\nnightly\\n\"; }; COMP_WORDS=(" + words +
                    "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _drover; "
                    "printf \"%s\\n\" \"${COMPREPLY[@]}\"'");
  }
  std::vector<std::string> in_fish(const std::string& line) {
    const std::string script = directory_.write("drover.fish", fish_completion(root_));
    return lines_of("XDG_CONFIG_HOME=" + directory_.path() + " XDG_DATA_HOME=" + directory_.path() +
                    " fish -c 'source " + script + "; complete -C \"" + line + "\"' 2>/dev/null");
  }

  TempDir directory_;
  const WholeTree tree_;
  const CommandInfo root_ = describe(tree_.commands);
};

TEST_F(Completion, BashCompletesCommands) {
  EXPECT_THAT(in_bash("drover \"\""), IsSupersetOf({"deploy", "node", "template"}));
  EXPECT_THAT(in_bash("drover dep"), ElementsAre("deploy"));
  EXPECT_THAT(in_bash("drover node d"), ElementsAre("drain"));
  EXPECT_THAT(in_bash("drover man"), Not(Contains("man-page")));
}

TEST_F(Completion, BashCompletesFlagsAndTheirValues) {
  EXPECT_THAT(in_bash("drover node drain --de"), ElementsAre("--deadline"));
  EXPECT_THAT(in_bash("drover nodes --js"), ElementsAre("--json"));
  EXPECT_THAT(in_bash("drover --color a"), ElementsAre("auto", "always"));
  EXPECT_THAT(in_bash("drover completion z"), ElementsAre("zsh"));
}

TEST_F(Completion, OnlyWhatCanBeTypedIsOffered) {
  EXPECT_EQ(words_of_value("auto|always|never"), "auto always never");
  EXPECT_EQ(words_of_value("N|all"), "all");
  EXPECT_EQ(words_of_value("TIME|DURATION"), "");
  EXPECT_EQ(words_of_value("FILE"), "");
  EXPECT_THAT(in_bash("drover ps --since \"\""), ElementsAre(""));
}

TEST_F(Completion, BashAsksForNames) {
  EXPECT_THAT(in_bash("drover status n"), ElementsAre("nightly"));
  EXPECT_THAT(in_bash("drover deploy n"), ElementsAre("nightly"));
  EXPECT_THAT(in_bash("drover deploy 日"), ElementsAre("日\\ 报"));
}

TEST_F(Completion, ZshUnderstandsItsScript) {
  if (!is_installed("zsh")) GTEST_SKIP() << "there is no zsh here";
  const std::string script = directory_.write("_drover", zsh_completion(root_));
  EXPECT_THAT(lines_of("zsh -n " + script + " 2>&1"), ElementsAre());
  EXPECT_THAT(lines_of("zsh -c 'autoload -U compinit; compinit -D; . " + script +
                       "; print $_comps[drover]' 2>&1"),
              ElementsAre("_drover"));
}

TEST_F(Completion, FishCompletes) {
  if (!is_installed("fish")) GTEST_SKIP() << "there is no fish here";
  EXPECT_THAT(in_fish("drover dep"),
              ElementsAre("deploy\tDeploy a template as a new instance, and print its id"));
  EXPECT_THAT(in_fish("drover node drain --de"),
              ElementsAre(testing::StartsWith("--deadline\tHow long")));
  EXPECT_THAT(in_fish("drover --color al"), ElementsAre(testing::StartsWith("always")));
}

}  // namespace
}  // namespace drover::cli
