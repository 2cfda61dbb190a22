// The agent's policy as a pure function: no I/O, clock, thread or randomness.
//
// Problem: the master's wishes, the supervisor's facts and the death of any of the three processes
// come in any order, and still no attempt may run twice and no end may be forgotten or made up.
//
// Example: a Start arrives while the supervisor is attached. The step records the allocation and
// the fact that the supervisor is about to be asked, asks it to spawn every task, and reports
// nothing. The agent dies right then. The next one reads the journal, attaches, and the snapshot
// decides: a process that is there is taken over, an end that is there is reported, and an attempt
// that the same supervisor has never heard of is asked for again, which cannot make a second
// process because one supervisor starts one key once. If the supervisor is another one, nobody
// knows what became of the attempt: it is lost, and never run again.
//
// Solution: everything that must outlive the process is a journal record, changed by apply_record()
// alone, and every Output says what must be written before what is sent. README.md has the whole
// table.
#pragma once

#include "agent/core/io.h"
#include "agent/core/state.h"

namespace drover::agent::core {

// Takes one input into account. The caller carries the output out, or dies; it never goes on
// without having done so.
[[nodiscard]] Output step(State& state, const Input& input, Moment now);

}  // namespace drover::agent::core
