#include "cli/commands/completion.h"

namespace drover::cli {
namespace {

// A statement that fills COMPREPLY with values of this kind; empty: there is nothing to offer.
std::string offer(const std::string& value) {
  const std::string words = words_of_value(value);
  if (!words.empty()) return "COMPREPLY=($(compgen -W '" + words + "' -- \"$current\"))";
  if (value == "FILE") return "COMPREPLY=($(compgen -f -- \"$current\"))";
  const std::string names = names_of_value(value);
  return names.empty() ? "" : "_drover_names " + names;
}

std::string joined(const std::vector<std::string>& names, const std::string& between) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : between) + name;
  return text;
}

std::string flag_words(const CommandInfo& command) {
  std::string words;
  for (const Argument& flag : command.flags) words += joined(flag.names, " ") + " ";
  return words;
}

std::string cases_of_values(const std::vector<Argument>& flags, const std::string& indent) {
  std::string text;
  for (const Argument& flag : flags) {
    if (flag.value.empty()) continue;
    const std::string offered = offer(flag.value);
    text += indent + joined(flag.names, "|") + ") " + (offered.empty() ? "" : offered + "; ") +
            "return ;;\n";
  }
  return text;
}

std::string command_words(const CommandInfo& command) {
  std::string words;
  for (const CommandInfo& each : command.commands) words += each.name + " ";
  return words;
}

// One case for each command: what its flags' values can be, and what can stand next.
std::string cases_of(const CommandInfo& command, const std::vector<Argument>& everywhere) {
  std::string text = "    '" + command.line + "')\n      case $previous in\n";
  text += cases_of_values(command.flags, "        ") + "      esac\n";
  std::string flags = flag_words(command);
  if (&command.flags != &everywhere) {
    for (const Argument& flag : everywhere) flags += joined(flag.names, " ") + " ";
  }
  text += "      flags='" + flags + "'\n      words='" + command_words(command) + "'\n";
  if (!command.positionals.empty()) {
    const std::string offered = offer(command.positionals.front().value);
    if (!offered.empty()) text += "      [[ $current == -* ]] || { " + offered + "; return; }\n";
  }
  text += "      ;;\n";
  for (const CommandInfo& each : command.commands) text += cases_of(each, everywhere);
  return text;
}

std::string lines_of(const CommandInfo& command) {
  std::string lines = "'" + command.line + "'";
  for (const CommandInfo& each : command.commands) lines += "|" + lines_of(each);
  return lines;
}

constexpr char kBefore[] = R"script(# bash completion for drover; see `drover completion --help`.

_drover_names() {
  local IFS=$'\n' name
  COMPREPLY=()
  for name in $(drover names "$1" 2>/dev/null); do
    [[ $name == "$current"* ]] && COMPREPLY+=("$(printf '%q' "$name")")
  done
}

_drover() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local line=drover flags= words= word
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$line $word" in
)script";

constexpr char kBehind[] = R"script(  esac
  if [[ $current == -* ]]; then words=$flags; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}

complete -F _drover drover
)script";

}  // namespace

std::string bash_completion(const CommandInfo& root) {
  std::string text = kBefore;
  text += "      " + lines_of(root) + ") line=\"$line $word\" ;;\n    esac\n  done\n";
  text += "  case $previous in\n" + cases_of_values(root.flags, "    ") + "  esac\n";
  text += "  case $line in\n" + cases_of(root, root.flags);
  return text + kBehind;
}

}  // namespace drover::cli
