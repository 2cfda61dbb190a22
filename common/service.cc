#include "common/service.h"

#include <systemd/sd-daemon.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

namespace drover {
namespace {

std::string variable_of(const std::string& flag) {
  std::string name = "DROVER_" + flag;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return c == '-' ? '_' : std::toupper(c); });
  return name;
}

// The variables as flags, to be put before the real ones: the library lets the config file win
// over a variable, and users expect the opposite.
std::vector<std::string> flags_from_environment(CLI::App& app, int argc, const char* const* argv) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty()) continue;
    const std::string& name = option->get_lnames().front();
    if (name == "help" || name == "version") continue;
    const bool given = std::any_of(argv + 1, argv + argc, [&](const char* argument) {
      const std::string text(argument);
      return text == "--" + name || text.rfind("--" + name + "=", 0) == 0;
    });
    const char* value = std::getenv(variable_of(name).c_str());
    // An empty variable is as good as none; the library would take the next flag for its value.
    if (!given && value != nullptr && *value != '\0') flags.push_back("--" + name + "=" + value);
  }
  return flags;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
  return text;
}

// What the library says of a key that it does not know names neither the matter nor the file.
std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  static constexpr std::string_view kUnknownKey = "INI was not able to parse ";
  const std::string text = one_line(error.what());
  if (text.rfind(kUnknownKey, 0) != 0) return text;
  return "there is no setting '" + text.substr(kUnknownKey.size()) + "', but " +
         app.get_config_ptr()->as<std::string>() + " has it";
}

// The program and those of its commands that were given: "drover node drain".
std::string command_line_of(const CLI::App& app) {
  std::string line = app.get_name();
  const auto commands = app.get_subcommands();
  return commands.empty() ? line : line + " " + command_line_of(*commands.front());
}

}  // namespace

ParsedFlags parse_flags(CLI::App& app, int argc, const char* const* argv,
                        const std::string& config_file) {
  app.set_version_flag("--version", app.get_name() + " " DROVER_VERSION);
  app.set_config("--config", config_file, "TOML file to read flags from");
  app.allow_config_extras(CLI::config_extras_mode::error);
  std::vector<std::string> arguments = flags_from_environment(app, argc, argv);
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  // The library takes its arguments from the back.
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::Success& request) {
    return {false, app.exit(request)};
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "%s: %s; see %s --help\n", app.get_name().c_str(),
                 explain(app, error).c_str(), command_line_of(app).c_str());
    return {false, kUsageExit};
  }
  return {true, 0};
}

int fail(const std::string& program, const std::string& message) {
  std::fprintf(stderr, "%s: %s\n", program.c_str(), message.c_str());
  return 1;
}

namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

void block_stop_signals() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int wait_for_stop_signal(const std::function<void()>& watchdog) {
  std::uint64_t watchdog_us = 0;
  const bool watched = sd_watchdog_enabled(0, &watchdog_us) > 0;
  // Twice in each period, as sd_watchdog_enabled(3) advises.
  const std::uint64_t wait_us = watched ? watchdog_us / 2 : 3'600'000'000ULL;
  const timespec wait{static_cast<time_t>(wait_us / 1'000'000),
                      static_cast<long>(wait_us % 1'000'000 * 1000)};
  const sigset_t set = stop_signals();
  for (;;) {
    const int signal = sigtimedwait(&set, nullptr, &wait);
    // A closed terminal does not end a service.
    if (signal == SIGTERM || signal == SIGINT) return signal;
    if (signal < 0 && errno == EAGAIN && watched) watchdog();
  }
}

void notify_ready() { sd_notify(0, "READY=1"); }
void notify_watchdog() { sd_notify(0, "WATCHDOG=1"); }
void notify_stopping() { sd_notify(0, "STOPPING=1"); }
void notify_status(const std::string& line) { sd_notify(0, ("STATUS=" + line).c_str()); }

}  // namespace drover
