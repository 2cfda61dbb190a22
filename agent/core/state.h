// The state of the agent's core: the allocations that this node holds, and what became of their
// attempts. Changed by step() alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/core/journal.h"
#include "agent/core/types.h"

namespace drover::agent::core {

enum class Phase {
  accepted,     // held, but no supervisor was asked yet
  pausing,      // a restart that is not begun yet
  spawning,     // a supervisor was asked; it has not answered
  running,      // there is a process
  terminating,  // asked to end by SIGTERM; the grace runs
  killing,      // asked to end by SIGKILL
  ended,        // there is no process, and `end` says why
};

// How the process of an attempt is checked.
struct Checks {
  Health health = Health::unknown;
  std::int64_t since_unix_ms = 0;  // when that was found
  std::string failure;             // of the last check that failed; none since it was healthy
  bool last_passed = false;
  std::uint32_t in_a_row = 0;  // checks that came to the same as the last one
  std::int64_t number = 0;     // of the check that is under way, or was the last
  bool under_way = false;
  std::int64_t check_began_ms = 0;       // steady; of that one
  std::int64_t failures_count_from = 0;  // steady ms; or from when one has passed
};

struct Attempt {
  Phase phase = Phase::accepted;
  std::string supervisor;  // the incarnation that was asked to spawn it; empty while accepted
  std::int64_t started_unix_ms = 0;
  std::optional<End> end;                   // present exactly when ended
  std::optional<NextAttempt> next;          // ended, and another attempt follows
  std::optional<std::int64_t> restart_due;  // steady ms; while pausing
  std::optional<std::int64_t> kill_due;     // steady ms; while terminating
  std::optional<std::int64_t> timeout_due;  // steady ms; while running, if the task has a timeout
  std::optional<EndReason> ending;          // why the agent ends it of its own accord
  std::optional<Checks> checks;             // while running, if the task is checked
  // Steady ms; present with `checks`: of the next check, or when the one under way has taken too
  // long.
  std::optional<std::int64_t> check_due;
};

struct Task {
  // Attempt `first_attempt` and those after it: the last one, and before it the newest
  // limits::kAttemptsKept that have ended.
  std::vector<Attempt> attempts;
  std::uint32_t first_attempt = 1;
  // Steady ms, ascending, of the restarts that still count for RestartSpec::most(): when each was
  // begun, of the last one when it is due.
  std::vector<std::int64_t> restarts;

  std::uint32_t last_attempt() const {
    return first_attempt + static_cast<std::uint32_t>(attempts.size()) - 1;
  }
};

struct Allocation {
  AllocationSpecPtr spec;
  bool stop_wished = false;
  bool remove_wished = false;
  bool fenced = false;
  bool no_restarts = false;
  bool has_failed = false;        // a task of it, for good
  bool confirms_removal = false;  // to this session; a later one hears what is held
  std::vector<Task> tasks;        // as many as spec->tasks

  bool end_wished() const { return stop_wished || remove_wished; }  // by the master
  // By its own group: a task has failed, and the others are not to go on.
  bool group_ends() const {
    return has_failed && spec->on_task_failure == OnTaskFailure::stop_group;
  }
  bool must_end() const { return end_wished() || fenced || group_ends(); }
};

// The master's latest welcome.
struct Session {
  Epoch epoch;
  SessionId number;
  std::uint64_t last_sequence = 0;  // of the messages that were obeyed
  bool open = true;                 // false: it has ended, and the next one has not begun
};

struct State {
  std::string boot_id;
  std::string journal_id;  // see NameRecord
  Epoch highest_epoch;
  std::optional<Session> session;  // none: since this process began there was no welcome
  std::map<AllocationId, Allocation> allocations;
  bool storage_full = false;  // nothing new can be recorded

  // Steady ms. None: since this process began the master has acknowledged nothing, and nobody
  // knows whether there is a lease.
  std::optional<std::int64_t> lease_end;
  // What ends with the lease: exclusive, not fenced, and not all of it over.
  std::set<AllocationId> leased;

  std::optional<std::string> supervisor;                   // the incarnation that is attached
  std::optional<std::int64_t> fence;                       // that it was told last
  std::set<std::pair<std::int64_t, AttemptId>> kills_due;  // one entry for each Attempt::kill_due
  std::set<std::pair<std::int64_t, AttemptId>> timeouts_due;  // and for each timeout_due
  std::set<std::pair<std::int64_t, AttemptId>> restarts_due;  // and for each restart_due
  std::set<std::pair<std::int64_t, AttemptId>> checks_due;    // and for each check_due
  // Attempts with a process that the journal does not know; they are being killed. What the master
  // concludes from a hello that does not name them is true only when there are none.
  std::set<std::string> strangers;

  // Null if this node does not hold it.
  Allocation* allocation(const AllocationId& id);
  Attempt* attempt(const AttemptId& id);

  // Attempt and set together.
  void set_kill_due(const AttemptId& id, Attempt& attempt, std::optional<std::int64_t> due);
  void set_timeout_due(const AttemptId& id, Attempt& attempt, std::optional<std::int64_t> due);
  void set_restart_due(const AttemptId& id, Attempt& attempt, std::optional<std::int64_t> due);
  void set_check_due(const AttemptId& id, Attempt& attempt, std::optional<std::int64_t> due);
  // Nothing is due of it any more.
  void clear_due(const AttemptId& id, Attempt& attempt);

  // Whether a restart that is due can be begun.
  bool can_restart() const { return supervisor && !storage_full; }
};

// Calls `visit(AttemptId, Attempt&)` for each attempt of `allocation`, in order. The visit adds no
// attempt: what it ends is not begun again.
template <class AllocationType, class Visit>
void for_each_attempt(AllocationType& allocation, Visit visit) {
  for (std::uint32_t task = 0; task < allocation.tasks.size(); ++task) {
    auto& [attempts, first, restarts] = allocation.tasks[task];
    for (std::uint32_t place = 0; place < attempts.size(); ++place) {
      visit(AttemptId{allocation.spec->id, task, first + place}, attempts[place]);
    }
  }
}

// Whether what ended so has done what it should: not where it was made to end.
bool has_succeeded(const TaskSpec& task, const End& end);

// Every attempt of it has ended.
bool is_over(const Allocation& allocation);

// The supervisor that an attempt is put down to when damage hid which one it was: equals none.
inline constexpr char kUnknownSupervisor[] = "?";

// Makes `record` true of `state`. Records about what the state does not hold change nothing.
void apply_record(State& state, const JournalRecord& record);

// The shortest journal that gives this state again.
std::vector<JournalRecord> journal_of(const State& state);

// Every allocation held, and every attempt of which there is something to say, for Hello.
std::vector<AllocationId> held_allocations(const State& state);
std::vector<AttemptReport> known_attempts(const State& state);

// What is told of a process whose checks have judged it.
std::optional<HealthReport> health_of(const Attempt& attempt);

// When the next Tick is due, in steady ms; nothing if none is.
std::optional<std::int64_t> next_deadline(const State& state);

// How many attempts have a process.
std::size_t running_attempts(const State& state);

}  // namespace drover::agent::core
