// What the agent must remember across its own death. The core decides what is recorded and what a
// record means; agent/state keeps the bytes.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "agent/core/types.h"

namespace drover::agent::core {

// The machine's boot that everything after this record belongs to.
struct BootRecord {
  std::string boot_id;
};
// The name of all that this journal has ever said. A journal that may have lost something goes on
// under another one.
struct NameRecord {
  std::string journal_id;
};
// The agent holds the allocation, with attempt 1 of each task accepted.
struct AcceptedRecord {
  AllocationSpecPtr spec;
};
// The supervisor of this incarnation is about to be asked to spawn the attempt.
struct RequestedRecord {
  AttemptId attempt;
  std::string supervisor;
  std::int64_t steady_ms = 0;  // when; of a restart only
};
// The agent is about to end the attempt of its own accord.
struct EndingRecord {
  AttemptId attempt;
  EndReason reason = EndReason::itself;
};
// With `next`, the next attempt is pausing from then on: one record says both.
struct EndedRecord {
  AttemptId attempt;
  std::int64_t started_unix_ms = 0;
  End end;
  std::optional<NextAttempt> next = {};
};
// In a rewritten journal, before the records of the task's attempts: what those that are forgotten
// have left behind.
struct RestartsRecord {
  AllocationId allocation;
  std::uint32_t task = 0;
  std::uint32_t first_attempt = 1;      // the earliest that is remembered
  std::vector<std::int64_t> steady_ms;  // of the latest restarts, see Task
};
// No task of the allocation is begun again: something may have happened that this journal does not
// say.
struct NoRestartsRecord {
  AllocationId allocation;
};
// The master wants the allocation stopped, or removed.
struct WishRecord {
  AllocationId allocation;
  bool remove = false;
};
// The lease has run out: the allocation, an exclusive one, is to end, whatever comes.
struct FenceRecord {
  AllocationId allocation;
};
struct ForgottenRecord {
  AllocationId allocation;
};

using JournalRecord =
    std::variant<BootRecord, NameRecord, AcceptedRecord, RequestedRecord, EndingRecord, EndedRecord,
                 RestartsRecord, NoRestartsRecord, WishRecord, FenceRecord, ForgottenRecord>;

}  // namespace drover::agent::core
