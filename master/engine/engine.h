// The engine: the one thread that owns the state.
//
//   inbox (bounded) -> core::step for each command -> one synced commit -> publish, messages,
//   replies
//
// Commands that wait while a commit is under way are stepped together and share the next commit.
// Nothing of a batch is seen by anyone before the batch is durable; if it cannot be made durable,
// the engine is read-only from then on (see read_only.h).
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/mutex.h"
#include "master/engine/read_only.h"
#include "master/engine/sequencer.h"

namespace drover::engine {

class Engine {
 public:
  struct Options {
    // Called once, on the engine thread, when the store has failed and before anyone is told.
    std::function<void(const std::string& reason)> on_store_failed;
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

  // What an agent's message says, in order, and not empty: never refused for lack of room. `done`
  // is called when the last of it was dealt with. The caller bounds it by having at most one
  // message of each session waiting. False: the engine has stopped.
  [[nodiscard]] bool submit_from_agent(std::vector<core::Command> commands, OnDone done);

  // The same of a command that need not be dealt with before something else is, or the next tick
  // has come: by itself it does not wake the engine.
  [[nodiscard]] bool submit_unhurried(core::Command command, OnDone done);

  // Before start() only.
  const Schedules& schedules() { return sequencer_.schedules(); }

  // Commands that the engine has not come to. Any thread.
  std::size_t waiting() const;

  // Whether a client's command would be refused now for lack of room.
  bool is_full() const;

  // Whether the engine's thread has come around lately, as it does with every tick. Any thread.
  bool is_alive() const;

 private:
  // True: the engine is to be woken, once the mutex is free.
  bool ask_for_turn() DROVER_REQUIRES(mutex_);

  // Engine thread only.
  void run();
  std::optional<std::vector<Submission>> take();
  Status carry_out(std::vector<Submission>& submissions);
  void become_read_only(const std::string& reason);

  // Constant after construction.
  store::Store& store_;
  View& view_;
  AgentOutbox& outbox_;
  const Options options_;
  const std::chrono::milliseconds tick_period_;

  // Monotonic time at which the engine's thread came around last.
  std::atomic<std::chrono::milliseconds> last_turn_{std::chrono::milliseconds(0)};

  // Engine thread only.
  Sequencer sequencer_;
  std::optional<ReadOnly> read_only_;  // once the store has failed
  std::chrono::milliseconds next_tick_{0};

  mutable Mutex mutex_;
  Condition wake_;
  std::vector<Submission> inbox_ DROVER_GUARDED_BY(mutex_);
  std::size_t from_clients_ DROVER_GUARDED_BY(mutex_) = 0;  // of those in the inbox
  bool turn_wanted_ DROVER_GUARDED_BY(mutex_) = false;      // something of it is not to wait
  bool stopping_ DROVER_GUARDED_BY(mutex_) = false;

  std::thread thread_;
};

}  // namespace drover::engine
