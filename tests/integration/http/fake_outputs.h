// Nodes' output that a test speaks for: what is read, and what comes of it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "master/output/reader.h"

namespace drover::test {

class FakeOutputs final : public output::Reader {
 public:
  std::unique_ptr<output::Reading> read(const output::Request& request,
                                        std::shared_ptr<output::Listener> listener) override;

  // Waits for a reading of this stream of this attempt, which is under way and not one of those
  // that were found before; returns its number, from 1. 0, and a failure: none has come.
  int find(std::uint32_t task, std::uint32_t attempt, bool error_output = false);
  // As many readings as have ever begun; waits until there are.
  void await(int readings);
  output::Request request(int number);

  // To the reading, if it still is one.
  void say(int number, const std::string& data, bool skipped = false);
  void end(int number, output::EndCause cause = output::EndCause::complete);

  // Waits until its attempt has been said to be over; until nobody wants it any more.
  void await_finish(int number);
  void await_drop(int number);
  std::uint64_t granted(int number);
  // Waits until so much was granted, or for so long.
  void wait_granted(int number, std::uint64_t bytes, std::chrono::milliseconds time);

 private:
  class Reading;
  struct State {
    output::Request request;
    std::shared_ptr<output::Listener> listener;
    bool was_found = false;
    bool finished = false;
    std::uint64_t granted = 0;
  };
  void wait(const std::function<bool()>& condition);
  std::shared_ptr<output::Listener> listener(int number);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int, State> readings_;  // guarded by mutex_
  int last_ = 0;                   // guarded by mutex_
};

}  // namespace drover::test
