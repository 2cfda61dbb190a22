// The clocks of one machine. Neither tells the true time: the steady one began somewhere and runs a
// little too fast or too slowly, the wall clock can be set.
#pragma once

#include <cstdint>

#include "tests/sim/base/events.h"
#include "tests/sim/base/random.h"

namespace drover::sim {

class Clock {
 public:
  explicit Clock(Random& random)
      : steady_offset_(random.between(1'000, 100'000'000)),
        drift_ppm_(random.between(-2000, 2000)) {}

  std::int64_t steady(Time now) const {
    return steady_offset_ + now + now * drift_ppm_ / 1'000'000;
  }
  // The first time at which the steady clock shows at least `steady_ms`.
  Time when(std::int64_t steady_ms) const {
    const std::int64_t elapsed = steady_ms - steady_offset_;
    Time time = elapsed - elapsed * drift_ppm_ / 1'000'000 - 1;
    while (steady(time) < steady_ms) ++time;
    return time;
  }
  std::int64_t unix_ms(Time now) const { return kBegin + now + wall_offset_; }
  void jump(std::int64_t ms) { wall_offset_ += ms; }

 private:
  static constexpr std::int64_t kBegin = 1'700'000'000'000;

  std::int64_t steady_offset_;
  std::int64_t drift_ppm_;
  std::int64_t wall_offset_ = 0;
};

}  // namespace drover::sim
