// A simulated node: the agent's own policy (agent/core) and its own stream (agent/link) around
// processes that are not there. To the master it is a node like any other, with these exceptions:
// its tasks print nothing and no stream for output is opened, checks of health always pass, and
// nothing is on a disk, so that a node whose program has ended comes back as one that was rebooted.
// The fleet's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "agent/core/io.h"
#include "agent/core/state.h"
#include "drover/agent.pb.h"
#include "tests/bench/agents/line.h"
#include "tests/bench/agents/processes.h"
#include "tests/bench/agents/settings.h"

namespace drover::bench {

// What all nodes share. Nothing is owned.
struct Surroundings {
  const Settings& settings;
  const Exchange& exchange;
  const std::string boot_id;
  const std::map<std::string, std::string> attributes;  // but for the host's name
};

class Node {
 public:
  // `number` from 0, below 2^24. `wake`: see Line.
  Node(const Surroundings& surroundings, std::uint32_t number, std::function<void()> wake,
       std::int64_t first_dial_ms);

  // Does what there is to do. To be called when it was woken and at each deadline.
  void turn(agent::core::Moment now);
  std::int64_t next_deadline() const;  // steady ms

  Line& line() { return line_; }

 private:
  void take_events(agent::core::Moment now);
  void take(const agent::link::Event& event, agent::core::Moment now);
  void step(const agent::core::Input& input, agent::core::Moment now);
  void report(agent::core::Moment now);
  void dial(std::int64_t steady_ms);
  void write_load(v1::Heartbeat* heartbeat);

  const Surroundings& surroundings_;
  const std::uint32_t number_;
  const std::uint32_t usual_cpu_percent_;
  const std::uint32_t usual_memory_percent_;

  agent::core::State state_;
  agent::core::Output output_;  // that was not carried out yet
  bool heartbeat_wanted_ = false;
  Processes processes_;
  Line line_;
};

}  // namespace drover::bench
