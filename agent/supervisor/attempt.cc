#include "agent/supervisor/attempt.h"

namespace drover::supervisor {

void Attempt::fill(Status& status) const {
  status.set_key(key);
  if (pid > 0) status.set_pid(pid);
  status.set_started_unix_ms(started_unix_ms);
  status.set_started_steady_ms(started_steady_ms);
  if (phase != Phase::ended) {
    status.set_cgroup(place);
    return;
  }
  status.set_ended_unix_ms(ended_unix_ms);
  if (end.kind != AttemptEnd::Kind::spawn_failed) {
    status.set_cpu_us(spent.cpu_us);
    status.set_memory_peak_bytes(spent.largest_bytes);
  }
  status.set_output_dropped_bytes(output.dropped_bytes() + error_output.dropped_bytes());
  // It may have ended by itself just before.
  status.set_fenced(fence_passed && end.kind != AttemptEnd::Kind::exited);
  status.set_out_of_memory(out_of_memory);
  status.set_signalled(signalled);
  switch (end.kind) {
    case AttemptEnd::Kind::exited:
      status.set_exit_code(end.code);
      break;
    case AttemptEnd::Kind::killed:
      status.set_signal(end.code);
      break;
    case AttemptEnd::Kind::spawn_failed:
      status.mutable_spawn_failure()->set_error_number(end.code);
      status.mutable_spawn_failure()->set_step(end.step);
      break;
    case AttemptEnd::Kind::none:
      DROVER_CHECK(false, "an ended attempt knows how it ended");
  }
}

}  // namespace drover::supervisor
