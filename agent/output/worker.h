// The thread that reads output for the master. It is made with the first request, shares no lock
// with the agent's loop or its heartbeats, and waits while nobody reads.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "agent/output/types.h"
#include "agent/state/layout.h"
#include "common/limits.h"

namespace drover::agent::output {

class Worker {
 public:
  // A connection of the master; called on the worker's thread, must not block.
  struct Line {
    std::function<void(Answer)> send;
    std::function<void()> close;  // nothing has been read for the idle time
  };

  explicit Worker(state::Layout layout, std::chrono::milliseconds idle = limits::kOutputIdle);
  // Whatever is under way is dropped.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // --- One thread, which need not be that of the constructor; no disk is waited for ---

  // From a connection with this number. The first request of another one drops all that is read for
  // the one before.
  void take(std::uint64_t connection, const Line& line, Request request);
  // The connection has ended.
  void close(std::uint64_t connection);

 private:
  class Work;  // what the thread works with

  const state::Layout layout_;
  const std::chrono::milliseconds idle_;
  std::unique_ptr<Work> work_;  // null until the first request
};

}  // namespace drover::agent::output
