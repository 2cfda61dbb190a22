#include "master/engine/engine.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "common/check.h"
#include "common/clock.h"
#include "common/limits.h"
#include "master/store/store.h"

namespace drover::engine {
namespace {

// Each engine has its own source of chance, which the core itself must not have.
Sequencer::Now real_moments() {
  return [random = std::mt19937_64(std::random_device{}())]() mutable {
    return core::Moment{steady_now(), unix_now_ms(), Index{}, random()};
  };
}

// Short leases must end about when they should, too.
std::chrono::milliseconds tick_period(const core::Settings& settings) {
  const std::chrono::milliseconds longest = limits::kTickPeriod;
  const std::chrono::milliseconds shortest = limits::kShortestTickPeriod;
  return std::clamp(settings.lease / 20, shortest, longest);
}

}  // namespace

Engine::Engine(core::State state, Index last_index, store::Store& store, View& view,
               AgentOutbox& outbox, Options options)
    : store_(store),
      view_(view),
      outbox_(outbox),
      options_(std::move(options)),
      tick_period_(tick_period(state.settings)),
      sequencer_(std::move(state), last_index, store, view, outbox, real_moments()) {}

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
  bool wakes = false;
  {
    const MutexLock lock(mutex_);
    if (stopping_ || from_clients_ >= limits::kInboxCommands) return false;
    ++from_clients_;
    inbox_.push_back({std::move(command), std::move(done)});
    wakes = ask_for_turn();
  }
  if (wakes) wake_.notify_one();
  return true;
}

bool Engine::submit_from_agent(std::vector<core::Command> commands, OnDone done) {
  bool wakes = false;
  {
    const MutexLock lock(mutex_);
    if (stopping_) return false;
    for (core::Command& command : commands) inbox_.push_back({std::move(command), nullptr});
    inbox_.back().done = std::move(done);
    wakes = ask_for_turn();
  }
  if (wakes) wake_.notify_one();
  return true;
}

bool Engine::submit_unhurried(core::Command command, OnDone done) {
  const MutexLock lock(mutex_);
  if (stopping_) return false;
  inbox_.push_back({std::move(command), std::move(done)});
  return true;
}

// The engine looks again before it waits, so only the first of several needs to wake it.
bool Engine::ask_for_turn() { return !std::exchange(turn_wanted_, true); }

std::size_t Engine::waiting() const {
  const MutexLock lock(mutex_);
  return inbox_.size();
}

bool Engine::is_full() const {
  const MutexLock lock(mutex_);
  return from_clients_ >= limits::kInboxCommands;
}

bool Engine::is_alive() const { return steady_now() - last_turn_.load() < limits::kEngineSilence; }

// Waits for commands or the next tick. Nothing: the engine is to end and the inbox is empty.
std::optional<std::vector<Submission>> Engine::take() {
  const auto until = std::chrono::steady_clock::time_point(next_tick_);
  const MutexLock lock(mutex_);
  while (!turn_wanted_ && !stopping_ && std::chrono::steady_clock::now() < until) {
    wake_.wait_until(mutex_, until);
  }
  if (inbox_.empty() && stopping_) return std::nullopt;
  from_clients_ = 0;
  turn_wanted_ = false;
  return std::exchange(inbox_, {});
}

void Engine::run() {
  next_tick_ = steady_now();
  while (auto submissions = take()) {
    last_turn_ = steady_now();
    if (!read_only_) {
      if (const Status done = carry_out(*submissions); !done)
        become_read_only(done.error().message);
    }
    if (read_only_) {
      next_tick_ = steady_now() + tick_period_;
      read_only_->serve(*submissions);
    }
  }
}

// After an error, `submissions` holds what was not carried out.
Status Engine::carry_out(std::vector<Submission>& submissions) {
  const std::chrono::milliseconds now = steady_now();
  if (now >= next_tick_) {
    submissions.push_back({core::Tick{}, nullptr});
    for (DueRun& run : sequencer_.schedules().take_due(unix_now_ms())) {
      submissions.push_back(
          {core::RunSchedule{std::move(run.template_name), InstanceId{new_uuid()}, run.due},
           nullptr});
    }
    next_tick_ = now + tick_period_;
    if (auto trimmed = store_.trim(now); !trimmed) return trimmed;
  }
  return sequencer_.run(submissions);
}

void Engine::become_read_only(const std::string& reason) {
  options_.on_store_failed(reason);
  view_.publish(ReadOnlyStatus{reason, unix_now_ms()});
  read_only_.emplace(sequencer_.state(), view_, outbox_, reason);
}

}  // namespace drover::engine
