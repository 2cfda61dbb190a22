// The engine: the one thread that owns the state.
//
//   inbox (bounded) -> core::step for each command -> one synced commit -> publish, messages,
//   replies
//
// Commands that wait while a commit is under way are stepped together and share the next commit.
// Nothing of a batch is seen by anyone before the batch is durable; if it cannot be made durable,
// the process has to end (see Options::on_fatal).
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/mutex.h"
#include "master/engine/sequencer.h"

namespace drover::engine {

class Engine {
 public:
  struct Options {
    // Called on the engine thread when a commit failed. Must not return: what is in memory is not
    // what is on disk.
    std::function<void(const std::string& message)> on_fatal;
  };

  // Nothing is owned: store, view and outbox must outlive the engine.
  Engine(core::State state, Index last_index, store::Store& store, View& view, AgentOutbox& outbox,
         Options options);
  ~Engine();  // stops

  void start();
  // Takes no more commands, finishes those that wait, ends the thread. Idempotent.
  void stop();

  // A client's command. False: the inbox is full or the engine has stopped; nothing was done.
  [[nodiscard]] bool submit(core::Command command, OnDone done);

  // An agent's command: never refused for lack of room. The caller bounds it by having at most one
  // such command of each session waiting. False: the engine has stopped.
  [[nodiscard]] bool submit_from_agent(core::Command command, OnDone done);

  // Commands that wait now.
  std::size_t inbox_depth() const;

  // Whether the engine's thread has come around lately, as it does with every tick. Any thread.
  bool is_alive() const;

 private:
  bool enqueue(core::Command command, OnDone done, std::size_t room);

  // Engine thread only.
  void run();
  std::optional<std::vector<Submission>> take();
  void trim_history();
  [[noreturn]] void fatal(const std::string& message);

  // Constant after construction.
  store::Store& store_;
  const Options options_;
  const std::chrono::milliseconds tick_period_;

  // Monotonic time at which the engine's thread came around last.
  std::atomic<std::chrono::milliseconds> last_turn_{std::chrono::milliseconds(0)};

  // Engine thread only.
  Sequencer sequencer_;
  std::chrono::milliseconds next_tick_{0};

  mutable Mutex mutex_;
  Condition wake_;
  std::vector<Submission> inbox_ DROVER_GUARDED_BY(mutex_);
  bool stopping_ DROVER_GUARDED_BY(mutex_) = false;

  std::thread thread_;
};

}  // namespace drover::engine
