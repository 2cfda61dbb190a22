// What the engine does with the commands that wait, without its thread: steps them in order,
// commits what they change as one batch, and only then releases what follows from it.
//
//   commands -> core::step for each -> one synced commit -> view, messages, replies
//
// One thread at a time. It reads no clock: who drives it says what time it is.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "common/result.h"
#include "master/core/command.h"
#include "master/core/outcome.h"
#include "master/core/state.h"
#include "master/engine/request_keys.h"
#include "master/engine/schedules.h"
#include "master/engine/view.h"

namespace drover::store {
class Store;
}

namespace drover::engine {

// Where messages for agents go. Called on the engine thread; must not block.
class AgentOutbox {
 public:
  virtual ~AgentOutbox() = default;
  // All messages of one batch, in order. Sessions that are gone are silently skipped.
  virtual void send(std::vector<core::MessageToAgent> messages) = 0;
};

// Called once, on the engine thread: when the command's changes are durable, or when it is certain
// that they will not be, which the reply's code says. Must not block.
using OnDone = std::function<void(const core::Reply&)>;

struct Submission {
  core::Command command;
  OnDone done;  // may be empty
};

class Sequencer {
 public:
  // The moment of a step; its index is filled in here.
  using Now = std::function<core::Moment()>;

  // Nothing is owned: store, view and outbox must outlive this.
  Sequencer(core::State state, Index last_index, store::Store& store, View& view,
            AgentOutbox& outbox, Now now);

  // Carries them out, in batches of limits::kBatchCommands, and leaves `submissions` empty. After
  // an error those are left that were not carried out, from the first of the failed batch on, and
  // nothing more may be carried out: what is in memory is not what is on disk.
  Status run(std::vector<Submission>& submissions);

  const core::State& state() const { return state_; }
  Index last_index() const { return last_index_; }
  // What is due by them is for whoever drives this to step.
  Schedules& schedules() { return schedules_; }

 private:
  struct Batch;

  Status run_batch(std::span<Submission> submissions);
  void apply(Submission& submission, Batch& batch);
  Status commit(const Batch& batch);
  void release(Batch& batch);
  void tell(Batch& batch);
  void answer(Batch& batch);

  store::Store& store_;
  View& view_;
  AgentOutbox& outbox_;
  const Now now_;

  core::State state_;
  Schedules schedules_;
  RequestKeys keys_;
  Index last_index_;
};

}  // namespace drover::engine
