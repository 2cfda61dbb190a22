// drover completion, and drover names, which the scripts call
#include "cli/commands/completion.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <memory>
#include <sstream>

#include "cli/commands/all.h"
#include "cli/commands/instance_table.h"
#include "cli/commands/values.h"

namespace drover::cli {
namespace {

using Names = std::vector<std::string>;

Names names_in(const Document& list, const std::string& kind, const std::string& member) {
  Names names;
  for (const auto& each : array_of(list.value, kind)) {
    if (each.is_object()) names.push_back(text_of(each.get_object(), member));
  }
  return names;
}

// The newest that have not ended; where all have, the newest of those.
Result<Document> list_instances(Session& session) {
  constexpr std::size_t kMost = 100;
  InstanceFilter alive;
  alive.states = kStatesAlive;
  auto list = session.api().list_instances(alive, kMost);
  if (!list || !array_of(list->value, "instances").empty()) return list;
  return session.api().list_instances({}, kMost);
}

// One a line; what cannot be had is left out, as a shell has no use for an error in the middle of a
// line.
int print_names(Session& session, const std::string& kind) {
  const auto found = kind == "templates" ? session.api().list_templates()
                     : kind == "nodes"   ? session.api().list_nodes()
                                         : list_instances(session);
  if (!found) return exit_code_of(found.error().kind);
  for (const std::string& name : names_in(*found, kind, kind == "templates" ? "name" : "id")) {
    session.print(name + "\n");
  }
  return kSuccess;
}

int print_script(Session& session, const Commands& commands, const std::string& shell) {
  const CommandInfo root = describe(commands);
  session.print(shell == "bash"  ? bash_completion(root)
                : shell == "zsh" ? zsh_completion(root)
                                 : fish_completion(root));
  return kSuccess;
}

bool is_literal(const std::string& word) {
  return std::none_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

std::string words_of_value(const std::string& value) {
  if (value.find('|') == std::string::npos) return "";
  std::istringstream alternatives(value);
  std::string words;
  for (std::string word; std::getline(alternatives, word, '|');) {
    if (is_literal(word)) words += (words.empty() ? "" : " ") + word;
  }
  return words;
}

std::string names_of_value(const std::string& value) {
  if (value == "TEMPLATE") return "templates";
  if (value == "NODE") return "nodes";
  if (value == "INSTANCE") return "instances";
  return "";
}

void add_completion(CLI::App& app, Commands& commands) {
  const auto shell = std::make_shared<std::string>();
  commands
      .add(app, "completion", "Print the script with which a shell completes drover's commands",
           {{"source <(drover completion bash)", "for this shell; in ~/.bashrc, for all to come"},
            {"drover completion zsh > ~/.zfunc/_drover", "where zsh's fpath has ~/.zfunc"},
            {"drover completion fish > ~/.config/fish/completions/drover.fish", "for fish"}},
           [&commands, shell](Session& session) { return print_script(session, commands, *shell); })
      .add_option("shell", *shell, "The shell")
      ->check(check_one_of("bash|zsh|fish"))
      ->type_name("bash|zsh|fish")
      ->required();

  const auto kind = std::make_shared<std::string>();
  CLI::App& names =
      commands.add(app, "names", "Print the names of templates, or the ids of nodes or instances",
                   {{"drover names templates", "one a line"}},
                   [kind](Session& session) { return print_names(session, *kind); });
  names.add_option("kind", *kind, "Of what")
      ->check(check_one_of("templates|nodes|instances"))
      ->type_name("templates|nodes|instances")
      ->required();
  names.group("");
}

}  // namespace drover::cli
