// What a process has in memory.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <initializer_list>

namespace drover::bench {

// In bytes. Pages that n processes map count as a n-th of them in `proportional`, and whole in
// `resident`.
struct Memory {
  double resident = 0;
  double proportional = 0;
  double anonymous = 0;  // of `proportional`: what comes from no file
};

// Throws std::runtime_error where there is no such process.
Memory memory_of(pid_t pid);

// How many processes map a file with `part` in its name, besides `known`: they take a share of what
// is proportional.
std::size_t others_that_map(const char* part, std::initializer_list<pid_t> known);

}  // namespace drover::bench
