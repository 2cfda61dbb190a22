// The output of an instance, followed to its end, whatever becomes of the connection.
#pragma once

#include <functional>
#include <string_view>

#include "cli/client/log_entry.h"
#include "cli/client/log_resume.h"
#include "cli/commands/outage.h"
#include "cli/commands/session.h"

namespace drover::cli {

// One thread.
class LogFollower {
 public:
  // Both must outlive it; the calls of the session's connection are ended by the interrupts.
  // `selection` says what is followed.
  LogFollower(Session& session, Interrupts& interrupts, LogSelection selection);

  const std::string& instance() const { return selection_.instance; }

  // Calls `on_entry` with each entry, once, and with its line as it came. Over when nothing more
  // can come, or the standard output takes nothing more. The error: the master has refused, or was
  // away for too long, or there was an interrupt, which is to be taken; a second call goes on.
  using OnEntry = std::function<void(const LogEntry& entry, std::string_view line)>;
  Status run(const OnEntry& on_entry);

 private:
  void begin_again();
  // One answer. Whether it was one that has come to its end.
  Result<bool> read_once(const OnEntry& on_entry);
  Result<bool> has_all_come();

  Session& session_;
  Outage outage_;
  LogSelection selection_;
  LogResume resume_;
  bool has_begun_ = false;
  bool leaves_out_ = false;  // what is between two answers, and that was said
};

}  // namespace drover::cli
