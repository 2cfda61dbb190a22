// How the processes of an attempt are kept together, so that signals reach all of them and none
// outlives its attempt. Two kinds: a cgroup for each attempt, or, where cgroup v2 is not to be
// had, its session plus a mark in its environment.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/supervisor/spawner.h"
#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::supervisor {

// An attempt as its containment knows it.
struct Contained {
  std::uint64_t number = 0;  // of the attempt; never used twice
  std::uint32_t place = 0;   // which place it was given; 0: none, or it needs none
  pid_t pid = -1;            // of its main process, also when that is gone; -1: never made
  int pidfd = -1;            // of its main process; -1: it was reaped
};

// One thread.
class Containment {
 public:
  virtual ~Containment() = default;

  // Readies a place for one attempt, limited to `resources` as far as can be. Once it was given,
  // the attempt must go on to is_clear() until that is true.
  virtual Failure prepare(Contained& contained, const Resources& resources, Birthplace& place) = 0;

  // To every process of the attempt.
  virtual void signal(const Contained& contained, int signal_number) = 0;
  virtual void kill(const Contained& contained) = 0;

  // The main process has ended and is not reaped yet, so that its numbers are still its own.
  virtual void main_ended(const Contained& contained) = 0;

  // Whether the kernel killed of the attempt for want of memory. Asked before is_clear().
  virtual bool ran_out_of_memory(const Contained& contained) = 0;

  // Processor time of all its processes so far. Nothing: this containment does not know. Asked
  // before is_clear().
  virtual std::optional<std::uint64_t> cpu_us(const Contained& contained) = 0;

  // Asked after the main process was reaped: true once nothing is left of the attempt; its place
  // is then free again. Otherwise what is left gets SIGKILL, and the question is to be repeated.
  virtual bool is_clear(const Contained& contained) = 0;

  // Becomes ready (edge-triggered EPOLLPRI) when it is worth asking is_clear() again. Without a
  // descriptor: ask after each reaped child.
  virtual UniqueFd clear_watch(const Contained& contained) = 0;

  // What it cannot do, in the words of supervisor.proto.
  virtual std::vector<std::string> degraded() const = 0;

  // The directory with the cgroups of the attempts, each named by its place; empty: there is none.
  virtual std::string cgroup() const = 0;

  // The end of the supervisor: nothing runs any more.
  virtual void close() = 0;
};

enum class ContainmentMode { automatic, cgroup, process_group };
// "auto", "cgroup", "process-group".
Result<ContainmentMode> parse_containment_mode(std::string_view text);

// Names the tasks of the supervisor at this socket, whichever process it is: 16 hexadecimal
// digits made from the socket's real directory and name. The directory must exist.
Result<std::string> identity_of(const std::string& socket_path);

// Chooses, and kills what an earlier supervisor of this socket left behind. The spawner learns how
// children get into their places. The caller holds the lock that makes it the only one.
Result<std::unique_ptr<Containment>> open_containment(ContainmentMode mode,
                                                      const std::string& socket_path,
                                                      Spawner& spawner);

}  // namespace drover::supervisor
