// Containment without cgroups. An attempt is its session, the descendants of its main process,
// and those orphans of ours that carry its mark in their environment:
//
//   DROVER_SUPERVISED=<identity>.<supervisor's pid>.<attempt's number>
//
// What leaves the session and clears its environment as well cannot be told from a daemon of
// another attempt. It is killed when no attempt runs any more.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/supervisor/containment.h"
#include "agent/supervisor/processes.h"

namespace drover::supervisor {

class GroupContainment final : public Containment {
 public:
  explicit GroupContainment(const std::string& identity);

  Failure prepare(Contained& contained, const Resources&, Birthplace& place) override;
  void signal(const Contained& contained, int signal_number) override;
  void kill(const Contained& contained) override;
  void main_ended(const Contained& contained) override;
  bool ran_out_of_memory(const Contained&) override { return false; }
  std::optional<std::uint64_t> cpu_us(const Contained&) override { return std::nullopt; }
  bool is_clear(const Contained& contained) override;
  UniqueFd clear_watch(const Contained&) override { return {}; }
  std::vector<std::string> degraded() const override {
    return {"cgroup", "cpu_limits", "memory_limits"};
  }
  std::string cgroup() const override { return {}; }
  void close() override {}

 private:
  std::string mark_of(const Contained& contained) const;
  // Whether this child of ours belongs to the attempt.
  bool owns(const Contained& contained, pid_t child) const;

  const std::string mark_prefix_;
  std::size_t open_ = 0;  // attempts prepared and not clear
};

// SIGKILL to every process that bears the mark of this identity, ours excepted, and waits until
// all are gone.
drover::Status clear_marked_processes(const std::string& identity);

}  // namespace drover::supervisor
