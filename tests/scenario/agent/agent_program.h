// The real drover-agent with its real supervisor, in a directory that goes away with it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "common/unique_fd.h"

namespace drover::agent {

class AgentProgram {
 public:
  AgentProgram();
  // Ends all, removes the directory.
  ~AgentProgram();
  AgentProgram(const AgentProgram&) = delete;
  AgentProgram& operator=(const AgentProgram&) = delete;

  const std::string& state_dir() const { return state_dir_; }
  std::string log() const;  // of all agents so far
  // Of the allocation of that number: allocation_ref().
  std::string work_of(std::uint8_t number) const;
  std::string output_of(std::uint8_t number, std::uint32_t task, const std::string& stream) const;

  void start(std::vector<std::string> arguments);
  void kill_9();
  void signal(int number) const;
  // SIGTERM; returns the exit status.
  int stop();
  // Waits for the end of an agent that ends by itself; returns the exit status.
  int wait_for_exit();
  bool runs() const { return pid_ > 0; }

  // Kills the agent, stops the supervisor and so every task.
  void end_all();

  // SIGKILL; returns when it is gone.
  void kill_supervisor_9();
  std::optional<pid_t> supervisor_pid() const;

 private:
  std::string root_;
  std::string state_dir_;
  pid_t pid_ = -1;
};

// Waits until the process is gone.
void wait_until_gone(pid_t pid);

}  // namespace drover::agent
