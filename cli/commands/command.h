// The tree of commands, and what each of them does.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/commands/session.h"
#include "common/result.h"

namespace CLI {
class App;
}

namespace drover::cli {

struct Example {
  std::string command;  // what is typed
  std::string meaning;  // what comes of it
};

// What a command does, with the exit code that it ends with.
using Action = std::function<int(Session&)>;

class Commands {
 public:
  explicit Commands(CLI::App& app) : app_(app) {}

  const CLI::App& app() const { return app_; }

  // One that does something. `summary` has no full stop. At least one example.
  CLI::App& add(CLI::App& parent, const std::string& name, const std::string& summary,
                const std::vector<Example>& examples, Action action);
  // One that only has others below it.
  static CLI::App& add_group(CLI::App& parent, const std::string& name, const std::string& summary);

  // Of a command; empty: it is a group.
  std::vector<Example> examples_of(const CLI::App* command) const;
  // Of the command that was parsed. The error: it is a group, or none was given.
  Result<Action> selected() const;

 private:
  CLI::App& app_;
  std::map<const CLI::App*, Action> actions_;
  std::map<const CLI::App*, std::vector<Example>> examples_;
};

// The flags of all commands, and all commands. `settings` and `commands` must outlive `app`.
void declare(CLI::App& app, Settings& settings, Commands& commands);

}  // namespace drover::cli
