#include "tests/integration/http/fake_outputs.h"

#include <gtest/gtest.h>

#include <utility>

namespace drover::test {

class FakeOutputs::Reading final : public output::Reading {
 public:
  Reading(FakeOutputs& outputs, int number) : outputs_(outputs), number_(number) {}
  ~Reading() override {
    change([](State& state) { state.listener = nullptr; });
  }
  void grant(std::uint64_t bytes) override {
    change([bytes](State& state) { state.granted += bytes; });
  }
  void finish() override {
    change([](State& state) { state.finished = true; });
  }

 private:
  void change(const std::function<void(State&)>& what) {
    const std::lock_guard lock(outputs_.mutex_);
    what(outputs_.readings_.at(number_));
    outputs_.changed_.notify_all();
  }

  FakeOutputs& outputs_;
  const int number_;
};

std::unique_ptr<output::Reading> FakeOutputs::read(const output::Request& request,
                                                   std::shared_ptr<output::Listener> listener) {
  const std::lock_guard lock(mutex_);
  readings_[++last_] = {request, std::move(listener)};
  changed_.notify_all();
  return std::make_unique<Reading>(*this, last_);
}

void FakeOutputs::wait(const std::function<bool()>& condition) {
  std::unique_lock lock(mutex_);
  EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20), condition)) << "waited in vain";
}

int FakeOutputs::find(std::uint32_t task, std::uint32_t attempt, bool error_output) {
  int found = 0;
  wait([&] {
    for (auto& [number, state] : readings_) {
      const output::Request& request = state.request;
      if (state.was_found || !state.listener || request.attempt.task != task) continue;
      if (request.attempt.attempt != attempt || request.error_output != error_output) continue;
      state.was_found = true;
      found = number;
      return true;
    }
    return false;
  });
  return found;
}

void FakeOutputs::await(int readings) {
  wait([&] { return last_ >= readings; });
}

output::Request FakeOutputs::request(int number) {
  const std::lock_guard lock(mutex_);
  return readings_[number].request;
}

std::shared_ptr<output::Listener> FakeOutputs::listener(int number) {
  const std::lock_guard lock(mutex_);
  return readings_[number].listener;
}

void FakeOutputs::say(int number, const std::string& data, bool skipped) {
  const auto to = listener(number);
  if (!to) return;
  output::Chunk chunk;
  chunk.attempt = request(number).attempt.attempt;
  chunk.data = data;
  chunk.next = output::Position{1, data.size()};
  chunk.skipped = skipped;
  to->on_chunk(chunk);
}

void FakeOutputs::end(int number, output::EndCause cause) {
  if (const auto to = listener(number)) to->on_end({cause, "for a reason"});
}

void FakeOutputs::await_finish(int number) {
  wait([&] { return readings_[number].finished; });
}

void FakeOutputs::await_drop(int number) {
  wait([&] { return readings_[number].listener == nullptr; });
}

std::uint64_t FakeOutputs::granted(int number) {
  const std::lock_guard lock(mutex_);
  return readings_[number].granted;
}

void FakeOutputs::wait_granted(int number, std::uint64_t bytes, std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [&] { return readings_[number].granted >= bytes; });
}

}  // namespace drover::test
