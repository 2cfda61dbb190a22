// What a command works with: the server, and where it writes to.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "cli/client/api.h"
#include "cli/client/connection.h"
#include "cli/commands/exit_codes.h"
#include "cli/text/colour.h"
#include "cli/text/table.h"
#include "cli/text/times.h"

namespace drover::cli {

// The flags that all commands have.
struct Settings {
  std::string server = "127.0.0.1:8420";
  std::string request_timeout = "30s";
  std::string colour = "auto";
  bool json = false;
};

// One thread.
class Session {
 public:
  // The error is one of usage.
  static Result<std::unique_ptr<Session>> open(const Settings& settings);

  Api& api() { return api_; }
  Connection& connection() { return connection_; }
  bool json() const { return settings_.json; }
  const Palette& palette() const { return palette_; }
  static Instant now();

  // To the standard output.
  void print(std::string_view text);
  void print(const Table& table);
  void print(const Document& document) { print(document.text + "\n"); }  // as it came

  // To the standard error, as "drover: ...", on one line.
  static void complain(std::string_view message);
  // The same; returns the exit code for it.
  static int fail(const Error& error);

 private:
  Session(Settings settings, const Endpoint& server, std::chrono::milliseconds patience);

  const Settings settings_;
  const Palette palette_;
  Connection connection_;
  Api api_;
};

}  // namespace drover::cli
