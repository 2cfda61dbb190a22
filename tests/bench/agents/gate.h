// How many nodes may dial at a time. Real agents have processors of their own and dial when they
// like; simulated ones share one thread, which would be so busy with dialling for all of them that
// none came to its welcome in time. The others wait, in turn. One thread.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace drover::bench {

class Gate {
 public:
  explicit Gate(std::size_t most) : most_(most) {}

  // True: inside, until leave(). False: `turn` is called once somebody has left, to try again.
  bool enter(const std::function<void()>& turn) {
    if (inside_ < most_) {
      ++inside_;
      return true;
    }
    waiting_.push_back(turn);
    return false;
  }

  void leave() {
    --inside_;
    if (waiting_.empty()) return;
    const std::function<void()> turn = std::move(waiting_.front());
    waiting_.pop_front();
    turn();
  }

 private:
  const std::size_t most_;
  std::size_t inside_ = 0;
  std::deque<std::function<void()>> waiting_;
};

}  // namespace drover::bench
