#include "master/engine/engine.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "common/check.h"
#include "common/clock.h"
#include "common/limits.h"
#include "master/core/step.h"
#include "master/store/store.h"

namespace drover::engine {
namespace {

template <class Element>
void append(std::vector<Element>& to, std::vector<Element>&& from) {
  if (to.empty()) {
    to = std::move(from);
  } else {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  }
}

void append(core::Changes& to, core::Changes&& from) {
  append(to.templates, std::move(from.templates));
  append(to.instances, std::move(from.instances));
  append(to.allocations, std::move(from.allocations));
  append(to.nodes, std::move(from.nodes));
  append(to.finished, std::move(from.finished));
}

}  // namespace

// Everything that the commands of one batch bring about.
struct Engine::Batch {
  core::Changes changes;
  std::vector<core::MessageToAgent> messages;
  std::vector<core::NodeUsage> usages;
  std::vector<std::pair<OnDone, core::Reply>> replies;
};

Engine::Engine(core::State state, Index last_index, store::Store& store, View& view,
               AgentOutbox& outbox, Options options)
    : store_(store),
      view_(view),
      outbox_(outbox),
      options_(std::move(options)),
      state_(std::move(state)),
      last_index_(last_index) {}

Engine::~Engine() { stop(); }

void Engine::start() {
  DROVER_CHECK(!thread_.joinable(), "an engine is started once");
  last_turn_ = steady_now();
  thread_ = std::thread([this] { run(); });
}

void Engine::stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool Engine::submit(core::Command command, OnDone done) {
  return enqueue(std::move(command), std::move(done), limits::kInboxCommands);
}

bool Engine::submit_from_agent(core::Command command, OnDone done) {
  return enqueue(std::move(command), std::move(done), SIZE_MAX);
}

bool Engine::enqueue(core::Command command, OnDone done, std::size_t room) {
  bool was_empty = false;
  {
    const MutexLock lock(mutex_);
    if (stopping_ || inbox_.size() >= room) return false;
    was_empty = inbox_.empty();
    inbox_.push_back({std::move(command), std::move(done)});
  }
  // The engine looks again before it waits, so only the first of several needs to wake it.
  if (was_empty) wake_.notify_one();
  return true;
}

std::size_t Engine::inbox_depth() const {
  const MutexLock lock(mutex_);
  return inbox_.size();
}

bool Engine::is_alive() const { return steady_now() - last_turn_.load() < limits::kEngineSilence; }

// Waits for commands or the next tick. Nothing: the engine is to end and the inbox is empty.
std::optional<std::vector<Engine::Submission>> Engine::take() {
  const auto until = std::chrono::steady_clock::time_point(next_tick_);
  const MutexLock lock(mutex_);
  while (inbox_.empty() && !stopping_ && std::chrono::steady_clock::now() < until) {
    wake_.wait_until(mutex_, until);
  }
  if (inbox_.empty() && stopping_) return std::nullopt;
  return std::exchange(inbox_, {});
}

void Engine::run() {
  next_tick_ = steady_now();
  while (auto submissions = take()) {
    last_turn_ = steady_now();
    if (steady_now() >= next_tick_) {
      submissions->push_back({core::Tick{}, nullptr});
      next_tick_ = steady_now() + limits::kTickPeriod;
      trim_history();
    }
    for (std::size_t first = 0; first < submissions->size(); first += limits::kBatchCommands) {
      const std::size_t last = std::min(first + limits::kBatchCommands, submissions->size());
      Batch batch;
      for (std::size_t place = first; place < last; ++place) apply((*submissions)[place], batch);
      commit(batch);
      release(batch);
    }
  }
}

void Engine::apply(Submission& submission, Batch& batch) {
  const core::Moment now{steady_now(), unix_now_ms(), Index{last_index_.value + 1}};
  core::Outcome outcome = core::step(state_, submission.command, now);
  append(batch.changes, std::move(outcome.changes));
  append(batch.messages, std::move(outcome.messages));
  append(batch.usages, std::move(outcome.usages));
  if (submission.done) batch.replies.emplace_back(std::move(submission.done), outcome.reply);
}

void Engine::commit(const Batch& batch) {
  if (batch.changes.empty()) return;
  const Index index{last_index_.value + 1};
  if (const Status written = store_.commit(batch.changes, index); !written) {
    fatal(written.error().message);
  }
  last_index_ = index;
}

void Engine::release(Batch& batch) {
  view_.publish(batch.changes);
  view_.publish(batch.usages);
  if (!batch.messages.empty()) outbox_.send(std::move(batch.messages));
  for (auto& [done, reply] : batch.replies) done(reply);
}

void Engine::trim_history() {
  if (const Status trimmed = store_.trim_history(unix_now_ms()); !trimmed) {
    fatal(trimmed.error().message);
  }
}

void Engine::fatal(const std::string& message) {
  options_.on_fatal(message);
  DROVER_CHECK(false, "on_fatal must not return");
}

}  // namespace drover::engine
