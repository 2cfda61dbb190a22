// A task for the process tests: does one odd thing, named by its first argument.
//
//   state                 prints what it was born with, one "name value" a line
//   daemon FIFO           leaves a child in a session of its own, and ends with 0 on SIGUSR1
//   double-daemon FIFO    the same with a grandchild, whose parent is gone
//   hidden-daemon FIFO    the same with a child that has an empty environment
//   family FIFO           has a child in a session of its own, and stays
//   stubborn FIFO         ignores SIGTERM, and stays
//   flood BYTES           writes so much to stdout
//   silent FIFO           closes stdout and stderr, and stays
//   burn MILLISECONDS     takes so much processor time
//   burn-in-child MILLISECONDS  has a child do it, and takes no note of its end
//   eat BYTES             has so much memory resident
//
// What stays writes its process id to the FIFO, four bytes in the machine's order, and waits for
// a signal.
#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace {

// Runs `body` in a child that is the first process of a session; returns in the parent.
template <class Body>
void in_own_session(Body body) {
  if (::fork() != 0) return;
  ::setsid();
  body();
  std::_Exit(0);
}

// Makes a daemon, which ignores the signal that makes its parent leave, and stays.
template <class Daemon>
void stay_with_daemon(Daemon daemon) {
  std::signal(SIGUSR1, [](int) { std::_Exit(0); });
  in_own_session([=] {
    std::signal(SIGUSR1, SIG_IGN);
    daemon();
  });
  for (;;) ::pause();
}

void report_and_stay(const char* fifo) {
  const int fd = ::open(fifo, O_WRONLY | O_CLOEXEC);
  const pid_t pid = ::getpid();
  if (fd < 0 || ::write(fd, &pid, sizeof pid) != sizeof pid) std::_Exit(3);
  ::close(fd);
  for (;;) ::pause();
}

void stay_without_environment(const char* fifo) {
  char* const arguments[] = {const_cast<char*>("probe"), const_cast<char*>("stubborn"),
                             const_cast<char*>(fifo), nullptr};
  char* const nothing[] = {nullptr};
  ::execve("/proc/self/exe", arguments, nothing);
}

void print_signals(const char* name, bool (*test)(int)) {
  std::printf("%s", name);
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    // Two numbers belong to the C library.
    if (signal >= 32 && signal < SIGRTMIN) continue;
    if (test(signal)) std::printf(" %d", signal);
  }
  std::printf("\n");
}

bool is_blocked(int signal) {
  sigset_t set;
  ::sigprocmask(SIG_SETMASK, nullptr, &set);
  return sigismember(&set, signal) == 1;
}

// Nothing but "ignored" outlives exec; a handler is this program's own, a sanitizer's perhaps.
bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

std::string link_of(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t size = ::readlink(path.c_str(), target, sizeof target);
  return size < 0 ? "" : std::string(target, static_cast<std::size_t>(size));
}

void print_descriptors() {
  std::vector<int> open;
  DIR* directory = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(directory)) {
    const int fd = std::atoi(entry->d_name);
    if (entry->d_name[0] != '.' && fd != ::dirfd(directory)) open.push_back(fd);
  }
  ::closedir(directory);
  std::sort(open.begin(), open.end());
  std::printf("descriptors");
  for (const int fd : open) std::printf(" %d", fd);
  std::printf("\nstdin %s\n", link_of("/proc/self/fd/0").c_str());
}

int print_state() {
  print_signals("blocked", is_blocked);
  print_signals("ignored", is_ignored);
  print_descriptors();
  std::printf("directory %s\n", link_of("/proc/self/cwd").c_str());
  const mode_t mask = ::umask(0);
  std::printf("umask %03o\n", static_cast<unsigned>(mask));
  std::printf("leads-session %d\n", ::getsid(0) == ::getpid());
  int death_signal = 0;
  ::prctl(PR_GET_PDEATHSIG, &death_signal);
  std::printf("death-signal %d\n", death_signal);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  std::printf("open-files %llu\n", static_cast<unsigned long long>(files.rlim_cur));
  return 0;
}

int flood(long long bytes) {
  const std::string block(256 * 1024, 'x');
  while (bytes > 0) {
    const auto size = static_cast<std::size_t>(std::min<long long>(bytes, 256 * 1024));
    const ssize_t written = ::write(1, block.data(), size);
    if (written <= 0) return 4;
    bytes -= written;
  }
  return 0;
}

int burn(long long milliseconds) {
  timespec used{};
  do {
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  } while (used.tv_sec * 1000LL + used.tv_nsec / 1'000'000 < milliseconds);
  return 0;
}

// The kernel reaps the child by itself, and adds what it has used to nobody's count.
int burn_in_child(long long milliseconds) {
  std::signal(SIGCHLD, SIG_IGN);
  int ends[2];
  if (::pipe(ends) != 0) return 5;
  if (::fork() == 0) std::_Exit(burn(milliseconds));
  ::close(ends[1]);
  char byte = 0;
  return static_cast<int>(::read(ends[0], &byte, 1));  // 0: the child has ended
}

int eat(long long bytes) {
  std::vector<char> memory(static_cast<std::size_t>(bytes), 'x');
  return memory.back() == 'x' ? 0 : 6;
}

int run(std::string_view what, const char* argument) {
  if (what == "state") return print_state();
  if (what == "flood") return flood(std::atoll(argument));
  if (what == "burn") return burn(std::atoll(argument));
  if (what == "burn-in-child") return burn_in_child(std::atoll(argument));
  if (what == "eat") return eat(std::atoll(argument));
  if (what == "daemon") stay_with_daemon([=] { report_and_stay(argument); });
  if (what == "double-daemon") {
    stay_with_daemon([=] { in_own_session([=] { report_and_stay(argument); }); });
  }
  if (what == "hidden-daemon") stay_with_daemon([=] { stay_without_environment(argument); });
  if (what == "family") {
    in_own_session([=] { report_and_stay(argument); });
    for (;;) ::pause();
  }
  if (what == "stubborn") {
    std::signal(SIGTERM, SIG_IGN);
    report_and_stay(argument);
  }
  if (what == "silent") {
    ::close(1);
    ::close(2);
    report_and_stay(argument);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  return run(argv[1], argc > 2 ? argv[2] : "");
}
