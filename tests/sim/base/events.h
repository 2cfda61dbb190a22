// Simulated time, and what happens in it: one thing after the other.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "tests/sim/base/random.h"

namespace drover::sim {

// Milliseconds since the simulation began. The true time, which no program can see.
using Time = std::int64_t;

class Events {
 public:
  using Action = std::function<void()>;

  explicit Events(std::uint64_t seed) : random_(seed, "events") {}

  Time now() const { return now_; }

  // Things of the same time happen in an order that the seed decides.
  void at(Time when, Action action);
  void after(Time pause, Action action) { at(now_ + pause, std::move(action)); }

  // Lets the next thing happen that is due by `until`. False: there is none, and it is `until`.
  bool step(Time until);

  std::uint64_t count() const { return count_; }

 private:
  struct Event {
    Time when = 0;
    std::uint64_t turn = 0;    // chance
    std::uint64_t number = 0;  // no two are equal
    Action action;
  };
  struct Later {
    bool operator()(const Event& a, const Event& b) const;
  };

  Random random_;
  Time now_ = 0;
  std::uint64_t count_ = 0;
  std::uint64_t last_number_ = 0;
  std::vector<Event> heap_;
};

}  // namespace drover::sim
