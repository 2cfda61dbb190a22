#include "agent/supervisor/clone.h"

#include <linux/sched.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <utility>

namespace drover::supervisor {
namespace {

constexpr std::size_t kGuardBytes = 64 * 1024;  // a whole page on every architecture
constexpr std::size_t kStackBytes = 64 * 1024;

#if defined(__x86_64__)

// The child gets a new stack, so it must not return through this frame: it calls `function` right
// where the system call returns. Returns a pid, or a negative errno.
long clone3_on_own_stack(clone_args* args, int (*function)(void*), void* argument) {
  long result = SYS_clone3;
  asm volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "mov %[function], %%rax\n\t"
      "mov %[argument], %%rdi\n\t"
      "xor %%ebp, %%ebp\n\t"
      "call *%%rax\n\t"
      "hlt\n"
      "1:"
      : "+a"(result)
      : "D"(args), "S"(sizeof *args), [function] "r"(function), [argument] "r"(argument)
      : "rcx", "r11", "memory", "cc");
  return result;
}

#elif defined(__aarch64__)

long clone3_on_own_stack(clone_args* args, int (*function)(void*), void* argument) {
  long result;
  asm volatile(
      "mov x8, %[number]\n\t"
      "mov x0, %[args]\n\t"
      "mov x1, %[size]\n\t"
      "svc #0\n\t"
      "cbnz x0, 1f\n\t"
      "mov x1, %[function]\n\t"
      "mov x0, %[argument]\n\t"
      "mov x29, xzr\n\t"
      "blr x1\n\t"
      "brk #0\n"
      "1:\n\t"
      "mov %[result], x0"
      : [result] "=r"(result)
      : [number] "r"(static_cast<long>(SYS_clone3)), [args] "r"(args), [size] "r"(sizeof *args),
        [function] "r"(function), [argument] "r"(argument)
      : "x0", "x1", "x8", "memory", "cc");
  return result;
}

#else

long clone3_on_own_stack(clone_args*, int (*)(void*), void*) { return -ENOSYS; }

#endif

std::uint64_t flags_of(Sharing sharing) {
  return (sharing.memory ? std::uint64_t{CLONE_VM} | CLONE_VFORK : 0) |
         (sharing.files ? std::uint64_t{CLONE_FILES} : 0);
}

}  // namespace

Result<CloneStack> CloneStack::create() {
  void* mapping = ::mmap(nullptr, kGuardBytes + kStackBytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (mapping == MAP_FAILED) return system_error("cannot map a stack for children", errno);
  if (::mprotect(mapping, kGuardBytes, PROT_NONE) != 0) {
    const int error = errno;
    ::munmap(mapping, kGuardBytes + kStackBytes);
    return system_error("cannot protect the stack for children", error);
  }
  return CloneStack(static_cast<char*>(mapping));
}

CloneStack::CloneStack(CloneStack&& other) noexcept
    : mapping_(std::exchange(other.mapping_, nullptr)) {}

CloneStack::~CloneStack() {
  if (mapping_ != nullptr) ::munmap(mapping_, kGuardBytes + kStackBytes);
}

char* CloneStack::bottom() const { return mapping_ + kGuardBytes; }
std::size_t CloneStack::size() const { return kStackBytes; }

Cloned clone_into(const CloneStack& stack, Sharing sharing, int cgroup_fd, int (*function)(void*),
                  void* argument) {
  int pidfd = -1;
  clone_args args{};
  args.flags = CLONE_PIDFD | flags_of(sharing);
  if (cgroup_fd >= 0) {
    args.flags |= CLONE_INTO_CGROUP;
    args.cgroup = static_cast<std::uint64_t>(cgroup_fd);
  }
  args.pidfd = reinterpret_cast<std::uint64_t>(&pidfd);
  args.exit_signal = SIGCHLD;
  args.stack = reinterpret_cast<std::uint64_t>(stack.bottom());
  args.stack_size = stack.size();
  const long result = clone3_on_own_stack(&args, function, argument);
  if (result < 0) return {-1, -1, static_cast<int>(-result)};
  return {static_cast<pid_t>(result), pidfd, 0};
}

Cloned clone_plain(const CloneStack& stack, Sharing sharing, int (*function)(void*),
                   void* argument) {
  int pidfd = -1;
  const int flags = CLONE_PIDFD | SIGCHLD | static_cast<int>(flags_of(sharing));
  const pid_t pid = ::clone(function, stack.bottom() + stack.size(), flags, argument, &pidfd);
  if (pid < 0) return {-1, -1, errno};
  return {pid, pidfd, 0};
}

}  // namespace drover::supervisor
