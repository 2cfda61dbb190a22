// CPU time, user's and system's together, in seconds: what a process has taken up to now.
// Differences of two calls are what counts.
#pragma once

#include <sys/types.h>

namespace drover::bench {

// Of all its threads, those that have ended included, without its children; to the nanosecond.
// Throws std::runtime_error where there is no such process.
double process_cpu(pid_t pid);

// Of the children that it has waited for, and theirs; in ticks of 10 ms.
double reaped_cpu(pid_t pid);

// How much of process_cpu() the kernel took for it; in ticks of 10 ms.
double process_system_cpu(pid_t pid);

// Of the thread that calls.
double thread_cpu();

// All that any process or the kernel has computed on any core: what is beyond the sum of those that
// one knows was somebody else's, and spoils a figure.
double machine_cpu();

}  // namespace drover::bench
