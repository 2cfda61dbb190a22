// All attempts, and everything that can happen to one. Decides nothing: what is asked for is done,
// what happened is told. One thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/supervisor/attempt.h"
#include "agent/supervisor/containment.h"
#include "agent/supervisor/fence_timer.h"
#include "agent/supervisor/poller.h"
#include "agent/supervisor/reaper.h"
#include "agent/supervisor/spawner.h"
#include "drover/supervisor.pb.h"

namespace drover::supervisor {

class AttemptTable {
 public:
  // The poller outlives the table.
  AttemptTable(Poller& poller, Spawner spawner, std::unique_ptr<Containment> containment);

  // The requests, as supervisor.proto defines them. Keys have 1 to limits::kSupervisorKeyBytes.
  void spawn(const Spawn& request);
  void signal(const Signal& request);
  void kill(const Kill& request);
  void forget(const Forget& request);
  void set_fence(const Fence& request) { fence_.set(request.steady_ms()); }

  // Kills what has outlived the fence and its grace.
  void enforce_fence();
  // When that is first worth doing, in steady ms; nothing while nothing is fenced.
  std::optional<std::int64_t> fence_due() const { return fence_.next_due(); }

  // What the poller says of an attempt's descriptors. An attempt that is gone is no error.
  void on_output(std::uint64_t number, std::uint32_t events);
  void on_error_output(std::uint64_t number, std::uint32_t events);
  void on_leftovers(std::uint64_t number);

  // Takes note of all children that have ended, and reaps them.
  void collect_ended();

  void fill(Snapshot& snapshot) const;
  // Hands over every status that is new since the last call.
  void take_changes(const std::function<void(const Status&)>& tell);

  // For the supervisor's own end. What dies of it is told to nobody, as after a crash: its end is
  // none of the task's.
  void kill_all();
  bool all_ended() const { return live_ == 0; }
  std::size_t live() const { return live_; }
  // To be called when all have ended and none will be started.
  void close() { containment_->close(); }

 private:
  Attempt* find(std::string_view key);
  Attempt* find(std::uint64_t number);
  Attempt& insert(const Spawn& request);
  void start(Attempt& attempt, const Spawn& request);
  void refuse(const Spawn& request, int error_number);
  void fail(Attempt& attempt, int error_number, const char* step);
  int watch_output(const Attempt& attempt);
  void main_ended(Attempt& attempt, const Exited& exited);
  void try_clear(Attempt& attempt);
  void watch_clearing(Attempt& attempt);
  void end(Attempt& attempt);
  void mark_changed(Attempt& attempt);

  Poller& poller_;
  Spawner spawner_;
  const std::unique_ptr<Containment> containment_;
  const std::string id_;  // of this incarnation
  const int highest_fd_;  // for an attempt to use

  std::unordered_map<std::uint64_t, std::unique_ptr<Attempt>> attempts_;
  std::unordered_map<std::string_view, Attempt*> by_key_;  // the views are into the attempts
  std::unordered_map<pid_t, Attempt*> by_pid_;             // of main processes not reaped
  std::vector<std::uint64_t> clearing_unwatched_;          // asked about after each reaping
  std::vector<std::uint64_t> changed_;
  std::vector<Status> refused_;  // to be told, not kept
  FenceTimer fence_;
  std::uint64_t last_number_ = 0;
  std::size_t live_ = 0;  // not ended
};

}  // namespace drover::supervisor
