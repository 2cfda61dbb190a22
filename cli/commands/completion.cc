// drover completion, and drover names, which the scripts call
#include "cli/commands/completion.h"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <memory>

#include "cli/commands/all.h"
#include "cli/commands/values.h"

namespace drover::cli {
namespace {

// One a line; what cannot be had is left out, as a shell has no use for an error in the middle of a
// line.
int print_names(Session& session, const std::string& kind) {
  const bool of_templates = kind == "templates";
  const auto found = of_templates ? session.api().list_templates() : session.api().list_nodes();
  if (!found) return exit_code_of(found.error().kind);
  for (const auto& each : array_of(found->value, kind)) {
    if (!each.is_object()) continue;
    session.print(text_of(each.get_object(), of_templates ? "name" : "id") + "\n");
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

}  // namespace

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
  CLI::App& names = commands.add(app, "names", "Print the names of templates, or the ids of nodes",
                                 {{"drover names templates", "one a line"}},
                                 [kind](Session& session) { return print_names(session, *kind); });
  names.add_option("kind", *kind, "Of what")
      ->check(check_one_of("templates|nodes"))
      ->type_name("templates|nodes")
      ->required();
  names.group("");
}

}  // namespace drover::cli
