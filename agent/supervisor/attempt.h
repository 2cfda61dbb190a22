// One execution of a command, as the supervisor knows it.
//
//   Spawn ──► running ──main process ends──► clearing ──nothing left──► ended ──Forget──► gone
//     │                          what it left is killed    the output's rest is taken,
//     └── no process could be made ────────────────────►  the end is told
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "agent/supervisor/capture.h"
#include "agent/supervisor/containment.h"
#include "agent/supervisor/reaper.h"
#include "common/unique_fd.h"
#include "drover/supervisor.pb.h"

namespace drover::supervisor {

enum class Phase : std::uint8_t { running, clearing, ended };

// How the main process ended.
struct AttemptEnd {
  enum class Kind : std::uint8_t { none, exited, killed, spawn_failed };
  Kind kind = Kind::none;
  int code = 0;                // exit code, signal or errno
  const char* step = nullptr;  // what failed, when kind is spawn_failed
};

struct Attempt {
  Attempt(std::uint64_t attempt_number, const Spawn& request)
      : number(attempt_number),
        key(request.key()),
        fenced(request.fenced()),
        fence_grace_ms(request.fence_grace_ms()),
        output(request.stdout_path(), {request.output_limit_bytes(), request.output_files()}),
        error_output(request.stderr_path(),
                     {request.output_limit_bytes(), request.output_files()}) {}

  Contained contained() const { return {number, place, pid, pidfd.get()}; }
  // The message of supervisor.proto.
  void fill(Status& status) const;

  const std::uint64_t number;  // never used twice
  const std::string key;
  const bool fenced;                  // lives until the fence only
  const std::int64_t fence_grace_ms;  // and so long after it
  std::uint32_t place = 0;
  pid_t pid = -1;
  UniqueFd pidfd;  // closed when the main process was reaped
  Phase phase = Phase::running;
  bool changed = false;       // the agent is to be told
  bool fence_passed = false;  // which is why it was killed, or not started
  bool cut_short = false;     // killed because the supervisor stops
  AttemptEnd end;
  bool out_of_memory = false;
  Spent spent;             // once the main process was reaped
  bool signalled = false;  // by request
  std::int64_t started_steady_ms = 0;
  std::int64_t started_unix_ms = 0;
  std::int64_t ended_unix_ms = 0;
  UniqueFd clear_watch;
  Capture output;
  Capture error_output;
};

}  // namespace drover::supervisor
