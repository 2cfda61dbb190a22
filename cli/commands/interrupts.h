// Ctrl-C and its like, and the end of a time, as something to wait for.
#pragma once

#include <chrono>

#include "cli/client/connection.h"
#include "common/unique_fd.h"

namespace drover::cli {

enum class Interrupt {
  none,
  signal,     // SIGINT, SIGTERM or SIGHUP
  time_over,  // that of end_after()
};

// While it lives, SIGINT, SIGTERM and SIGHUP do not end the program, but are there to be taken. To
// be made before there is another thread; one at a time.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  // From now on. `connection` must outlive this object.
  void end_calls_of(Connection& connection);
  // No more.
  void end_no_calls();
  // One interrupt, after so long from now; 0: none, whatever was set before.
  void end_after(std::chrono::milliseconds time);
  // Whether there is something to be taken.
  bool is_pending() const;
  // What has come; a signal comes before the end of the time.
  Interrupt take();
  // Returns after so long, or at once when there is something to be taken, or `other`, a
  // descriptor, can be read.
  void sleep(std::chrono::milliseconds duration, int other = -1) const;

 private:
  Connection* connection_ = nullptr;  // whose calls are ended
  UniqueFd signals_;
  UniqueFd timer_;
  UniqueFd any_;  // can be read where one of the two can
};

}  // namespace drover::cli
