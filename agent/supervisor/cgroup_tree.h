// One directory of cgroup v2 with the cgroups below it, each known by its name there. Numbers
// returned are 0 or errno. One thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::supervisor {

// What cgroup.events says.
struct CgroupState {
  bool populated = false;  // a process lives in it or below it; zombies do not count
  bool frozen = false;
};
std::optional<CgroupState> parse_cgroup_events(std::string_view text);

class CgroupTree {
 public:
  // Opens the cgroup directory `path`; with `make`, makes it where it is missing.
  static Result<CgroupTree> open(const std::string& path, bool make);

  const std::string& path() const { return path_; }

  // For all these, `name` is one level below; "." is the directory itself.
  int make(const std::string& name) const;
  UniqueFd open_child(const std::string& name) const;                   // as clone3 wants it
  UniqueFd open_file(const std::string& name, const char* file) const;  // for reading
  std::optional<CgroupState> state(const std::string& name) const;
  // A descriptor that has EPOLLPRI whenever state() has changed since it was read or opened.
  UniqueFd watch(const std::string& name) const;
  std::vector<std::string> children(const std::string& name) const;
  // Sends a signal to every process in it and below it; never to a process that got the number
  // of a former one.
  void signal(const std::string& name, int signal_number) const;
  // SIGKILL to everything in it and below it, whatever is forked meanwhile.
  void kill(const std::string& name) const;
  // Waits until nothing lives in it. False: the time is over.
  bool wait_until_empty(const std::string& name, std::chrono::milliseconds limit) const;
  // Removes it and what is below it; EBUSY while a process lives there.
  int remove(const std::string& name) const;
  // One of its files. Reading: nothing if that fails.
  std::optional<std::string> text(const std::string& name, const char* file) const;
  int set(const std::string& name, const char* file, std::string_view text) const;

 private:
  CgroupTree(std::string path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  std::vector<pid_t> processes(const std::string& name) const;
  int write(const std::string& file, std::string_view text) const;

  std::string path_;
  UniqueFd fd_;
};

}  // namespace drover::supervisor
