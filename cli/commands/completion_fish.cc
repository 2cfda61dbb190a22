#include "cli/commands/completion.h"

namespace drover::cli {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// The options of `complete` for a value; a flag has none.
std::string value_options(const std::string& value) {
  if (value.empty()) return "";
  if (value == "FILE") return " -r -F";
  const std::string names = names_of_value(value);
  std::string words = words_of_value(value);
  if (words.empty()) words = names.empty() ? " " : "(drover names " + names + " 2>/dev/null)";
  return " -x -a " + quoted(words);
}

// The condition that just this command was given so far.
std::string condition_of(const CommandInfo& command) {
  return " -n '__drover_is \"" + command.line + "\"'";
}

std::string flags_of(const std::vector<Argument>& flags, const std::string& condition) {
  std::string text;
  for (const Argument& flag : flags) {
    text += "complete -c drover" + condition;
    for (const std::string& name : flag.names) {
      text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    text += " -d " + quoted(flag.meaning) + value_options(flag.value) + "\n";
  }
  return text;
}

std::string lines_of(const CommandInfo& command, const CommandInfo& root) {
  const std::string condition = condition_of(command);
  std::string text;
  if (&command != &root) text += flags_of(command.flags, condition);
  for (const CommandInfo& each : command.commands) {
    text += "complete -c drover" + condition + " -a " + quoted(each.name) + " -d " +
            quoted(each.summary) + "\n";
  }
  if (!command.positionals.empty()) {
    const std::string& value = command.positionals.front().value;
    const std::string options = value == "FILE" ? " -F" : value_options(value).substr(3);
    text += "complete -c drover" + condition + options + "\n";
  }
  for (const CommandInfo& each : command.commands) text += lines_of(each, root);
  return text;
}

std::string known_lines(const CommandInfo& command) {
  std::string lines = quoted(command.line);
  for (const CommandInfo& each : command.commands) lines += " " + known_lines(each);
  return lines;
}

}  // namespace

std::string fish_completion(const CommandInfo& root) {
  std::string text = "# fish completion for drover; see `drover completion --help`.\n\n";
  text += "set -g __drover_lines " + known_lines(root) + "\n\n";
  text += R"(function __drover_is
    set -l line drover
    for word in (commandline -opc)[2..-1]
        contains -- "$line $word" $__drover_lines; and set line "$line $word"
    end
    test "$line" = "$argv[1]"
end

complete -c drover -f
)";
  return text + flags_of(root.flags, "") + lines_of(root, root);
}

}  // namespace drover::cli
