#include "cli/commands/tree.h"

#include <CLI/CLI.hpp>

namespace drover::cli {
namespace {

// A flag has no value, whatever type the library gives it.
std::string value_of(const CLI::Option& option) {
  return option.get_expected_max() == 0 ? "" : option.get_type_name();
}

Argument describe_option(const CLI::Option& option) {
  Argument argument;
  for (const std::string& name : option.get_snames()) argument.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) argument.names.push_back("--" + name);
  if (argument.names.empty()) argument.names.push_back(option.get_single_name());
  argument.value = value_of(option);
  argument.meaning = option.get_description();
  return argument;
}

CommandInfo describe_command(const CLI::App& app, const std::string& above,
                             const Commands& commands) {
  CommandInfo info;
  info.name = app.get_name();
  info.line = above.empty() ? info.name : above + " " + info.name;
  info.summary = app.get_description();
  info.examples = commands.examples_of(&app);
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    auto& list = option->get_positional() ? info.positionals : info.flags;
    list.push_back(describe_option(*option));
  }
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_group().empty()) continue;
    info.commands.push_back(describe_command(*command, info.line, commands));
  }
  return info;
}

}  // namespace

CommandInfo describe(const Commands& commands) {
  return describe_command(commands.app(), "", commands);
}

}  // namespace drover::cli
