// Ctrl-C and its like as something to wait for.
#pragma once

#include <chrono>

#include "cli/client/connection.h"
#include "common/unique_fd.h"

namespace drover::cli {

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
  // The signal that came; 0: none.
  int take();
  // Returns after so long, or at once when a signal has come, or `other`, a descriptor, can be
  // read.
  void sleep(std::chrono::milliseconds duration, int other = -1) const;

 private:
  Connection* connection_ = nullptr;  // whose calls are ended
  UniqueFd fd_;
};

}  // namespace drover::cli
