// A real program, started by a test, whose log can be waited for. Ended by pid, at the latest when
// the object goes.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/unique_fd.h"

namespace drover::test {

inline constexpr std::chrono::seconds kPatience{30};  // for anything that must happen

class Process {
 public:
  // Starts `arguments` (program first) with stdout and stderr captured together, and `environment`
  // on top of the test's own.
  explicit Process(const std::vector<std::string>& arguments,
                   const std::map<std::string, std::string>& environment = {});
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();  // SIGKILL, unless it has ended

  pid_t pid() const { return pid_; }

  // The first line of its output that contains `text`, past or to come; fails the test and returns
  // nothing when the process ends or the patience does before.
  std::optional<std::string> await_line(const std::string& text,
                                        std::chrono::milliseconds patience = kPatience);
  // What it has written so far; all of it once wait() or kill() has returned.
  std::string output() const;

  void signal(int number) const;
  // Waits for its end, and for what it wrote. Returns the exit status, or 128 + the signal's
  // number.
  int wait();
  // SIGKILL, and waits.
  void kill();
  bool ended() const { return status_.has_value(); }

 private:
  void read_output();
  void await_rest_of_output();

  pid_t pid_ = -1;
  std::optional<int> status_;
  UniqueFd pipe_;
  UniqueFd enough_;  // an eventfd: the reader shall end although something still holds the pipe

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string output_;         // guarded by mutex_
  bool output_ended_ = false;  // guarded by mutex_
  std::thread reader_;
};

// Polls `condition` until it holds; false when the patience ends first. For what can only be asked
// for: everything else is waited for by its own event.
template <class Condition>
bool eventually(const Condition& condition, std::chrono::milliseconds patience = kPatience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

// "key=value" in a log line; empty where there is none.
std::string field(const std::string& line, const std::string& key);

// A file of /proc; what there was of it where the process ends while it is read.
std::string read_proc(const std::string& path);

// False for a zombie: whose child it was may take its time to reap it.
bool process_exists(pid_t pid);

// Pids of processes whose environment contains `marker` ("KEY=value"), zombies left out.
std::vector<pid_t> processes_with(const std::string& marker);

}  // namespace drover::test
