// The supervisor as a whole: one thread, one loop that waits, sorts and dispatches.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "agent/supervisor/attempt_table.h"
#include "agent/supervisor/containment.h"
#include "agent/supervisor/poller.h"
#include "agent/supervisor/process_setup.h"
#include "agent/supervisor/server.h"
#include "common/files.h"
#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::supervisor {

class Supervisor {
 public:
  // Takes the lock beside the socket, kills what an earlier supervisor left, and listens. The
  // process has been set up as process_setup.h says; the socket's directory exists.
  static Result<std::unique_ptr<Supervisor>> open(const std::string& socket_path,
                                                  ContainmentMode mode, Inheritance inheritance);

  // Serves until SIGTERM or SIGINT, then kills all tasks and removes cgroups and socket. An error
  // means that some tasks did not die. `watchdog_period` is how often systemd wants a sign of
  // life; zero: never.
  drover::Status run(std::chrono::microseconds watchdog_period);

 private:
  Supervisor(std::string socket_path, FileLock lock, Poller poller, UniqueFd signals);
  drover::Status connect_parts(Spawner spawner, std::unique_ptr<Containment> containment);
  void turn(int timeout_ms);
  void dispatch(const Ready& ready);
  void read_signals();
  drover::Status stop();

  const std::string socket_path_;
  const FileLock lock_;
  Poller poller_;
  const UniqueFd signals_;
  std::optional<AttemptTable> attempts_;
  std::optional<Server> server_;
  bool child_ended_ = false;  // in this turn
  int stop_signal_ = 0;       // 0: go on
};

}  // namespace drover::supervisor
