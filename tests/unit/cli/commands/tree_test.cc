// What every command owes to whoever asks for help.
#include "cli/commands/tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/cli/commands/whole_tree.h"

namespace drover::cli {
namespace {

using testing::Contains;
using testing::HasSubstr;

const CLI::App* find(const CLI::App& app, const std::string& line) {
  const CLI::App* found = &app;
  std::istringstream words(line);
  std::string word;
  words >> word;
  while (words >> word) found = found->get_subcommand(word);
  return found;
}

TEST(CommandTree, EveryCommandHasAnExampleInItsHelp) {
  const WholeTree tree;
  int commands = 0;
  for_each_command(describe(tree.commands), [&](const CommandInfo& command) {
    ++commands;
    ASSERT_FALSE(command.examples.empty()) << command.line;
    const std::string help = find(tree.app, command.line)->help();
    for (const Example& example : command.examples) {
      EXPECT_THAT(help, HasSubstr("  " + example.command + "\n")) << command.line;
      EXPECT_THAT(example.command, HasSubstr(command.line)) << "an example of another command";
      EXPECT_FALSE(example.meaning.empty()) << command.line;
    }
  });
  EXPECT_GT(commands, 10);
}

TEST(CommandTree, EveryFlagAndArgumentIsExplained) {
  const WholeTree tree;
  for_each_command(describe(tree.commands), [&](const CommandInfo& command) {
    EXPECT_FALSE(command.summary.empty()) << command.line;
    EXPECT_NE(command.summary.back(), '.') << command.line;
    for (const auto* list : {&command.flags, &command.positionals}) {
      for (const Argument& argument : *list) {
        EXPECT_FALSE(argument.meaning.empty()) << command.line << " " << argument.names.front();
      }
    }
    for (const Argument& argument : command.positionals) {
      EXPECT_FALSE(argument.value.empty()) << command.line << " " << argument.names.front();
    }
  });
}

TEST(CommandTree, CommandsAreNamedWithWhatIsAboveThem) {
  const WholeTree tree;
  std::vector<std::string> lines;
  for_each_command(describe(tree.commands),
                   [&](const CommandInfo& command) { lines.push_back(command.line); });
  EXPECT_THAT(lines, Contains("drover deploy"));
  EXPECT_THAT(lines, Contains("drover node drain"));
  EXPECT_THAT(lines, testing::Not(Contains("drover man-page"))) << "hidden";
}

// The words of an example behind "drover", up to what a shell would do with the rest.
std::vector<std::string> words_of(const std::string& example) {
  std::istringstream text(example.substr(example.find("drover ") + 7));
  std::vector<std::string> words;
  for (std::string word; text >> word && word != "|" && word != ">";) {
    if (word.ends_with(')')) word.pop_back();
    words.push_back(word);
  }
  std::reverse(words.begin(), words.end());
  return words;
}

TEST(CommandTree, EveryExampleCanBeTyped) {
  std::vector<Example> examples;
  for_each_command(describe(WholeTree().commands), [&](const CommandInfo& command) {
    examples.insert(examples.end(), command.examples.begin(), command.examples.end());
  });
  for (const Example& example : examples) {
    WholeTree tree;
    EXPECT_NO_THROW(tree.app.parse(words_of(example.command))) << example.command;
    EXPECT_TRUE(tree.commands.selected()) << example.command;
  }
}

TEST(CommandTree, AGroupAloneDoesNothing) {
  WholeTree tree;
  tree.app.parse(std::vector<std::string>{"node"});
  EXPECT_THAT(tree.commands.selected().error().message, HasSubstr("'drover node'"));
}

}  // namespace
}  // namespace drover::cli
