// What every program of ours shares as a service: its flags, its signals, its word to systemd.
#pragma once

#include <functional>
#include <string>

#include "common/result.h"

namespace CLI {
class App;
}

namespace drover {

// Exit status after a wrong flag.
inline constexpr int kUsageExit = 2;

// Reads flags, then DROVER_* variables, then the file of --config; the earlier wins. Each flag
// --some-flag of `app` can be set as DROVER_SOME_FLAG and as `some-flag = ...` in the TOML file.
// `config_file`, where there is such a file, is read unless --config names another.
// Returns nothing when the program shall go on, else its exit status: 0 after --help or --version,
// 2 after one line on stderr about what is wrong.
struct ParsedFlags {
  bool go_on = false;
  int exit_status = 0;
};
ParsedFlags parse_flags(CLI::App& app, int argc, const char* const* argv,
                        const std::string& config_file = "");

// Prints "<program>: <message>" on stderr and returns 1, for `return fail(...)` in main.
int fail(const std::string& program, const std::string& message);

// Blocks SIGTERM, SIGINT and SIGHUP in the calling thread and those it makes later, and ignores
// SIGPIPE. To be called first in main, before any thread exists.
void block_stop_signals();

// Waits until SIGTERM or SIGINT arrives; returns the signal's number. Calls `watchdog` about as
// often as systemd's watchdog wants to hear of us (never, where there is none).
int wait_for_stop_signal(const std::function<void()>& watchdog);

// sd_notify: readiness, a sign of life, the beginning of the end. Nothing happens outside systemd.
void notify_ready();
void notify_watchdog();
void notify_stopping();
// A line for whoever asks systemd how the service is.
void notify_status(const std::string& line);

}  // namespace drover
