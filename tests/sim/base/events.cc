#include "tests/sim/base/events.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace drover::sim {

bool Events::Later::operator()(const Event& a, const Event& b) const {
  return std::tie(a.when, a.turn, a.number) > std::tie(b.when, b.turn, b.number);
}

void Events::at(Time when, Action action) {
  heap_.push_back({std::max(when, now_), random_.next(), ++last_number_, std::move(action)});
  std::push_heap(heap_.begin(), heap_.end(), Later());
}

bool Events::step(Time until) {
  if (heap_.empty() || heap_.front().when > until) {
    now_ = std::max(now_, until);
    return false;
  }
  std::pop_heap(heap_.begin(), heap_.end(), Later());
  const Event event = std::move(heap_.back());
  heap_.pop_back();
  now_ = event.when;
  ++count_;
  event.action();
  return true;
}

}  // namespace drover::sim
