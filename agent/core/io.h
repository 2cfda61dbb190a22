// What goes into a step of the core and what comes out of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "agent/core/journal.h"
#include "agent/core/types.h"

namespace drover::agent::core {

// --- Inputs -------------------------------------------------------------------------------------

// The first input of a process, and only that: what the state directory held.
struct Recovered {
  std::vector<JournalRecord> journal;
  bool damaged = false;  // records may be missing in the middle
  Epoch highest_epoch;
  std::string boot_id;           // of now
  std::string fresh_journal_id;  // for a journal that is new or damaged
};

struct StartAllocation {
  AllocationSpecPtr spec;
};
struct StopAllocation {
  AllocationId id;
};
struct RemoveAllocation {
  AllocationId id;
  bool confirm = false;  // the master wants to hear when nothing of it is left
};
// While it runs, it ends as by a stop, and another attempt follows at once, whatever the task's
// restart policy is.
struct RestartAttempt {
  AttemptId id;
};
// For all its processes, while it runs.
struct SendSignal {
  AttemptId id;
  std::int32_t signal = 0;
};
using Command =
    std::variant<StartAllocation, StopAllocation, RemoveAllocation, RestartAttempt, SendSignal>;

// The master has welcomed this agent: from now on this session counts, and no other one.
struct SessionOpened {
  Epoch epoch;
  SessionId session;
};
// One message of the master. It counts in its session, and once.
struct MasterCommands {
  Epoch epoch;
  SessionId session;
  std::uint64_t sequence = 0;  // from 1 within the session
  std::vector<Command> commands;
};

// The master has heard of this node: its lease lasts until then, by the steady clock.
struct LeaseRenewed {
  Epoch epoch;
  SessionId session;
  std::int64_t until_ms = 0;
};

// The session with the master ended. Losing the master touches no task.
struct MasterLost {};

// A supervisor answered: everything that it knows.
struct SupervisorAttached {
  std::string incarnation;  // differs between any two supervisor processes of one boot
  std::vector<SupervisorStatus> attempts;
};
// The connection broke. The supervisor may live on; nothing is concluded yet.
struct SupervisorDetached {};
// The process of the supervisor that was attached last does not exist any more.
struct SupervisorGone {};

// Whether there is no room to record new allocations. What is held goes on as ever.
struct Storage {
  bool full = false;
};

// A check that was asked for as a Probe has come to something.
struct Checked {
  CheckId check;
  std::optional<std::string> failure;  // what is wrong; absent: it has passed
};

// Deadlines are looked at.
struct Tick {};

using Input = std::variant<Recovered, SessionOpened, MasterCommands, LeaseRenewed, MasterLost,
                           SupervisorAttached, SupervisorDetached, SupervisorGone, SupervisorStatus,
                           Storage, Checked, Tick>;

// --- Output -------------------------------------------------------------------------------------

struct SpawnAttempt {
  AttemptId id;
  AllocationSpecPtr spec;
  bool fenced = false;  // the supervisor is to kill it by itself, its grace after the fence
};
// A process of its own, which checks the attempt's.
struct SpawnCheck {
  CheckId id;
  AllocationSpecPtr spec;
};
struct SignalAttempt {
  std::string key;
  std::int32_t signal = 0;
};
struct KillAttempt {
  std::string key;
};
struct ForgetAttempt {
  std::string key;
};
// Until then fenced attempts may live without another word, by the steady clock.
struct SetFence {
  std::int64_t steady_ms = 0;
};
using SupervisorRequest =
    std::variant<SpawnAttempt, SpawnCheck, SignalAttempt, KillAttempt, ForgetAttempt, SetFence>;

// A check over the network, to be answered by a Checked within its time limit. Nobody waits for the
// answer of one whose attempt has ended.
struct Probe {
  CheckId id;
  AllocationSpecPtr spec;

  const HealthSpec& health() const { return *spec->tasks[id.attempt.task].health; }
};

// Something for the log.
struct Note {
  bool warning = false;
  std::string_view event;  // a string literal
  std::vector<std::pair<std::string_view, std::string>> fields;
};

// The effects of one or more steps, to be carried out in the order of the fields: what stands
// further up must be done before anything that stands further down.
struct Output {
  std::optional<Epoch> epoch;               // survives a power failure before it is obeyed
  std::vector<JournalRecord> journal;       // survives the agent's death before it is acted upon
  std::vector<SupervisorRequest> requests;  // for the supervisor that is attached
  std::vector<Probe> probes;
  std::vector<AttemptReport> reports;   // for the session, if there is one; Hello has the rest
  std::vector<AllocationId> removed;    // for the session: of these nothing is left
  std::vector<AllocationId> forgotten;  // their directories may go
  std::vector<AttemptId> dropped;       // of allocations that are held: their output may go
  std::vector<Note> notes;

  // Appends what a later step brought.
  void add(Output&& later);
};

}  // namespace drover::agent::core
