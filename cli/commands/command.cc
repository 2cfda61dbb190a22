#include "cli/commands/command.h"

#include <CLI/CLI.hpp>
#include <utility>

namespace drover::cli {
namespace {

std::string text_of(const std::vector<Example>& examples) {
  std::string text = "Examples:";
  for (const Example& example : examples) {
    text += "\n  " + example.command + "\n      " + example.meaning;
  }
  return text + "\n\nFlags of all commands: drover --help";
}

}  // namespace

CLI::App& Commands::add(CLI::App& parent, const std::string& name, const std::string& summary,
                        const std::vector<Example>& examples, Action action) {
  CLI::App& command = add_group(parent, name, summary);
  command.footer(text_of(examples));
  actions_.emplace(&command, std::move(action));
  examples_.emplace(&command, examples);
  return command;
}

CLI::App& Commands::add_group(CLI::App& parent, const std::string& name,
                              const std::string& summary) {
  CLI::App& command = *parent.add_subcommand(name, summary);
  // So that flags of all commands may stand behind a command as well.
  command.fallthrough();
  return command;
}

std::vector<Example> Commands::examples_of(const CLI::App* command) const {
  const auto found = examples_.find(command);
  return found == examples_.end() ? std::vector<Example>() : found->second;
}

Result<Action> Commands::selected() const {
  const CLI::App* command = &app_;
  std::string line = app_.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    line += " " + command->get_name();
  }
  const auto found = actions_.find(command);
  if (found != actions_.end()) return found->second;
  return Error{ErrorKind::invalid,
               "a command is wanted behind '" + line + "'; see " + line + " --help"};
}

}  // namespace drover::cli
