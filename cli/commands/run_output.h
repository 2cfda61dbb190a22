// What the tasks of an instance print, as if they ran here: to the standard output what they print
// there, to the standard error likewise. Where there are several tasks, each line says whose it is.
#pragma once

#include <cstddef>
#include <string>

#include "cli/commands/log_follow.h"

namespace drover::cli {

// One thread. While it lives, a standard output without a reader does not end the program.
class RunOutput {
 public:
  // Session and interrupts must outlive it.
  RunOutput(Session& session, Interrupts& interrupts, const std::string& instance);
  ~RunOutput();
  RunOutput(const RunOutput&) = delete;
  RunOutput& operator=(const RunOutput&) = delete;

  // How many tasks there are, as far as is known.
  void expect(std::size_t tasks) { has_labels_ = tasks > 1; }

  // Until there is nothing more, see LogFollower::run(). What was printed by an earlier call is not
  // printed again.
  Status follow();
  // Nothing is printed to the standard output any more.
  void close();

  // Whether the standard output takes nothing more, and whether that is as its reader has gone.
  bool is_lost() const;
  static bool has_no_reader();

 private:
  void print(const LogEntry& entry, std::string_view line);
  void print_line(const LogEntry& entry);
  void put(bool error_output, std::string_view text);

  Session& session_;
  LogFollower follower_;
  std::string first_task_;  // that has printed anything
  bool has_labels_ = false;
  bool is_closed_ = false;
  bool is_replaced_said_ = false;
};

}  // namespace drover::cli
