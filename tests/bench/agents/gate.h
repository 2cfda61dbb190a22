// Who may dial, and when. Real agents have processors of their own and dial when they like;
// simulated ones share one thread, and dialling is the dearest of what it does. So nobody dials
// before everybody's heartbeats are sent and messages are read, and no more at a time than come to
// their welcome in time. One thread.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace drover::bench {

class Gate {
 public:
  explicit Gate(std::size_t most) : most_(most) {}

  // Calls `enter` when it is its turn; inside until leave().
  void queue(std::function<void()> enter) { waiting_.push_back(std::move(enter)); }
  void leave() { --inside_; }

  bool admits() const { return !waiting_.empty() && inside_ < most_; }
  // Lets the next one in. Only where it admits one.
  void admit() {
    ++inside_;
    const std::function<void()> enter = std::move(waiting_.front());
    waiting_.pop_front();
    enter();
  }

 private:
  const std::size_t most_;
  std::size_t inside_ = 0;
  std::deque<std::function<void()>> waiting_;
};

}  // namespace drover::bench
