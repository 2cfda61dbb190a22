#include "cli/commands/session.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "cli/client/server_address.h"
#include "cli/commands/terminal.h"
#include "cli/text/width.h"
#include "common/duration.h"

namespace drover::cli {

Session::Session(Settings settings, const Endpoint& server, std::chrono::milliseconds patience)
    : settings_(std::move(settings)),
      palette_(palette_for(STDOUT_FILENO, settings_.colour)),
      connection_(server, patience),
      api_(connection_) {}

Result<std::unique_ptr<Session>> Session::open(const Settings& settings) {
  auto server = parse_server(settings.server);
  if (!server) return server.error();
  auto patience = parse_duration(settings.request_timeout);
  if (!patience) return patience.error();
  return std::unique_ptr<Session>(new Session(settings, *server, *patience));
}

Instant Session::now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

void Session::print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void Session::print(const Table& table) {
  print(table.text(terminal_size(STDOUT_FILENO).columns, palette_));
}

void Session::complain(std::string_view message) {
  std::fprintf(stderr, "drover: %s\n", printable(message).c_str());
}

int Session::fail(const Error& error) {
  complain(error.message);
  return exit_code_of(error.kind);
}

}  // namespace drover::cli
