// drover-supervisor: runs the tasks of one node for its agent.
#include <fcntl.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <filesystem>
#include <string>

#include "agent/supervisor/containment.h"
#include "agent/supervisor/process_setup.h"
#include "agent/supervisor/supervisor.h"
#include "common/files.h"
#include "common/log.h"
#include "common/service.h"

namespace {

using drover::Result;
using drover::UniqueFd;
using namespace drover::supervisor;

constexpr const char* kProgram = "drover-supervisor";

struct Options {
  std::string socket;
  std::string containment = "auto";
  bool background = false;
};

drover::ParsedFlags read_options(int argc, char** argv, Options& options) {
  CLI::App app("Runs the tasks of one node for its drover-agent", kProgram);
  app.add_option("--socket", options.socket,
                 "Unix socket to listen on (required); its directory is made");
  app.add_option("--containment", options.containment,
                 "How a task's processes are kept together: auto, cgroup, process-group")
      ->check(CLI::IsMember({"auto", "cgroup", "process-group"}))
      ->capture_default_str();
  app.add_flag("--background", options.background,
               "Return when it serves, and go on in the background");
  const drover::ParsedFlags parsed = drover::parse_flags(app, argc, argv);
  // Not the library's "required": that is complained of before a flag that does not exist.
  if (!parsed.go_on || !options.socket.empty()) return parsed;
  drover::fail(kProgram, "--socket is missing; see drover-supervisor --help");
  return {false, drover::kUsageExit};
}

// The descriptor to write a byte to once the service is up; nothing in the foreground. The
// process that the caller started ends here, with what became of the other.
Result<UniqueFd> go_to_background() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return drover::system_error("cannot make a pipe", errno);
  const UniqueFd ready(ends[0]);
  UniqueFd tell(ends[1]);
  const pid_t pid = ::fork();
  if (pid < 0) return drover::system_error("cannot fork", errno);
  if (pid == 0) {
    ::setsid();
    return tell;
  }
  tell.reset();
  char byte = 0;
  ssize_t count = 0;
  while ((count = ::read(ready.get(), &byte, 1)) < 0 && errno == EINTR) {
  }
  // Without the byte the other has said why, on the same standard error.
  ::_exit(count == 1 ? 0 : 1);
}

std::chrono::microseconds watchdog_period() {
  std::uint64_t period_us = 0;
  if (sd_watchdog_enabled(0, &period_us) <= 0) return std::chrono::microseconds(0);
  return std::chrono::microseconds(period_us);
}

drover::Status serve(const std::string& socket, ContainmentMode mode, UniqueFd& tell_ready) {
  own_signals();
  auto inheritance = own_attributes();
  if (!inheritance) return inheritance.error();
  auto supervisor = Supervisor::open(socket, mode, *inheritance);
  if (!supervisor) return supervisor.error();
  drover::log::info("ready",
                    {{"socket", socket}, {"pid", ::getpid()}, {"version", DROVER_VERSION}});
  drover::notify_ready();
  if (tell_ready && ::write(tell_ready.get(), "", 1) != 1) {
    drover::log::warning("nobody waits for this supervisor any more");
  }
  tell_ready.reset();
  return (*supervisor)->run(watchdog_period());
}

// `tell_ready` stays open until an error was printed: then the waiting process may end.
drover::Status start(const Options& options, UniqueFd& tell_ready) {
  auto mode = parse_containment_mode(options.containment);
  if (!mode) return mode.error();
  std::error_code error;
  const auto socket = std::filesystem::absolute(options.socket, error).lexically_normal();
  if (error) return drover::system_error("cannot tell the working directory", error.value());
  if (auto made = drover::ensure_directory(socket.parent_path().string()); !made) return made;
  if (auto owned = own_descriptors(); !owned) return owned;
  if (options.background) {
    auto in_background = go_to_background();
    if (!in_background) return in_background.error();
    tell_ready = std::move(*in_background);
  }
  // No directory is kept from being unmounted.
  if (::chdir("/") != 0) return drover::system_error("cannot change to /", errno);
  return serve(socket.string(), *mode, tell_ready);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  const drover::ParsedFlags flags = read_options(argc, argv, options);
  if (!flags.go_on) return flags.exit_status;
  UniqueFd tell_ready;
  const drover::Status done = start(options, tell_ready);
  return done ? 0 : drover::fail(kProgram, done.error().message);
}
