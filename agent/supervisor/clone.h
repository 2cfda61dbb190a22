// A process made as cheaply as posix_spawn makes one, with what posix_spawn lacks: a pidfd from
// the start and birth inside a cgroup.
#pragma once

#include <sys/types.h>

#include <cstddef>

#include "common/result.h"

namespace drover::supervisor {

// The memory in which cloned children run before exec. A guard page lies below it.
class CloneStack {
 public:
  static Result<CloneStack> create();
  CloneStack(CloneStack&& other) noexcept;
  CloneStack& operator=(CloneStack&&) = delete;
  CloneStack(const CloneStack&) = delete;
  CloneStack& operator=(const CloneStack&) = delete;
  ~CloneStack();

  char* bottom() const;
  std::size_t size() const;

 private:
  explicit CloneStack(char* mapping) : mapping_(mapping) {}
  char* mapping_;
};

struct Cloned {
  pid_t pid = -1;        // -1: it failed
  int pidfd = -1;        // closed on exec
  int error_number = 0;  // errno when it failed
};

// What a new process has in common with the caller until it calls exec.
struct Sharing {
  // Its memory: the caller stands still until the child has called exec or exited (as with
  // vfork). Otherwise the child has a copy, and the caller goes on at once.
  bool memory = true;
  // Its table of descriptors: the child must leave it before it changes anything there.
  bool files = false;
};

// Runs function(argument) in a new process, on `stack`. `function` must never return and may make
// plain system calls only. cgroup_fd: a directory of cgroup v2, or -1.
// Fails with ENOSYS where the kernel or the architecture has no clone3; clone_plain() is for them.
Cloned clone_into(const CloneStack& stack, Sharing sharing, int cgroup_fd, int (*function)(void*),
                  void* argument);

// The same through the older system call, which knows no cgroup.
Cloned clone_plain(const CloneStack& stack, Sharing sharing, int (*function)(void*),
                   void* argument);

}  // namespace drover::supervisor
