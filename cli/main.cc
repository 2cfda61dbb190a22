// drover: the master's API for the command line.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "cli/commands/command.h"
#include "common/service.h"

namespace {

// Where the settings of a user are, by the XDG base directory specification; empty: nobody knows.
std::string config_file() {
  const char* directory = std::getenv("XDG_CONFIG_HOME");
  if (directory != nullptr && *directory == '/') {
    return std::string(directory) + "/drover/config.toml";
  }
  const char* home = std::getenv("HOME");
  return home != nullptr && *home != '\0' ? std::string(home) + "/.config/drover/config.toml" : "";
}

int run(const drover::cli::Settings& settings, const drover::cli::Action& action) {
  auto session = drover::cli::Session::open(settings);
  if (!session) {
    drover::cli::Session::complain(session.error().message);
    return drover::cli::kUsage;
  }
  const int status = action(**session);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  drover::cli::Session::complain("the standard output takes nothing more");
  return status == drover::cli::kSuccess ? drover::cli::kRefused : status;
}

}  // namespace

int main(int argc, char** argv) {
  drover::cli::Settings settings;
  CLI::App app("Runs templates on the nodes of a cluster, and shows how it goes.", "drover");
  drover::cli::Commands commands(app);
  drover::cli::declare(app, settings, commands);
  const drover::ParsedFlags flags = drover::parse_flags(app, argc, argv, config_file());
  if (!flags.go_on) return flags.exit_status;
  const auto action = commands.selected();
  if (action) return run(settings, *action);
  drover::cli::Session::complain(action.error().message);
  return drover::cli::kUsage;
}
