#include "cli/commands/completion.h"

namespace drover::cli {
namespace {

// Within single quotes, and with what _arguments gives a meaning to taken literally.
std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// ":message:action" for a value; empty: a flag has none.
std::string action_of(const std::string& value) {
  if (value.empty()) return "";
  const std::string words = words_of_value(value);
  const std::string names = names_of_value(value);
  std::string action = " ";
  if (value == "FILE") action = "_files";
  if (!names.empty()) action = "_drover_names " + names;
  if (!words.empty()) action = "(" + words + ")";
  return ":" + quoted(value.find('|') == std::string::npos ? value : "value") + ":" + action;
}

std::string arguments_of(const std::vector<Argument>& flags) {
  std::string text;
  for (const Argument& flag : flags) {
    for (const std::string& name : flag.names) {
      text += "    '" + std::string("*") + name + "[" + quoted(flag.meaning) + "]" +
              action_of(flag.value) + "' \\\n";
    }
  }
  return text;
}

std::string function_name(const CommandInfo& command) {
  std::string name = "_" + command.line;
  for (char& c : name) {
    if (c == ' ' || c == '-') c = '_';
  }
  return name;
}

std::string choice_of(const CommandInfo& command) {
  std::string list;
  std::string cases;
  for (const CommandInfo& each : command.commands) {
    list += "    '" + quoted(each.name) + ":" + quoted(each.summary) + "'\n";
    cases += "    " + each.name + ") " + function_name(each) + " ;;\n";
  }
  return "  local -a commands=(\n" + list +
         "  )\n  case $state in\n    command) _describe command commands ;;\n"
         "    rest) case $line[1] in\n" +
         cases + "    esac ;;\n  esac\n";
}

std::string functions_of(const CommandInfo& command, const std::vector<Argument>& everywhere) {
  std::string text = function_name(command) + "() {\n";
  text += "  local curcontext=$curcontext state line\n  typeset -A opt_args\n  _arguments -C \\\n";
  text += arguments_of(command.flags);
  if (&command.flags != &everywhere) text += arguments_of(everywhere);
  if (!command.commands.empty()) {
    text += "    '1:command:->command' '*::argument:->rest'\n" + choice_of(command);
  } else if (!command.positionals.empty()) {
    text += "    '*" + action_of(command.positionals.front().value) + "'\n";
  } else {
    text += "    && return\n";
  }
  text += "}\n\n";
  for (const CommandInfo& each : command.commands) text += functions_of(each, everywhere);
  return text;
}

constexpr char kBefore[] = R"script(#compdef drover
# zsh completion for drover; see `drover completion --help`.

_drover_names() {
  local -a names=(${(f)" $(drover names $1 2 > / dev / null) "})
                           compadd -
                           a names
}

)script";

constexpr char kBehind[] = R"script(if [[ $funcstack[1] == _drover ]]; then
  _drover "$@"
else
  compdef _drover drover
fi
)script";

}  // namespace

std::string zsh_completion(const CommandInfo& root) {
  return kBefore + functions_of(root, root.flags) + kBehind;
}

}  // namespace drover::cli
