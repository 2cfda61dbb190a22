// Every sample of a latency, so that percentiles are exact.
//
// Where requests are sent at a set rate, a sample counts from the time at which its request was
// meant to be sent, not from when the sender came to it: otherwise a stall hides all those that it
// has held up (coordinated omission).
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstddef>
#include <vector>

namespace drover::bench {

class Latencies {
 public:
  // Memory for `expected` samples is taken, and touched, now; more than these cost more.
  explicit Latencies(std::size_t expected = 0);

  void add(std::chrono::nanoseconds sample) { samples_.push_back(sample); }
  std::size_t count() const { return samples_.size(); }
  void clear() { samples_.clear(); }  // keeps the memory

  // The smallest sample that `percent` of all samples do not exceed (nearest rank); 0 for none.
  std::chrono::nanoseconds percentile(double percent) const;
  // The same in microseconds.
  double microseconds(double percent) const;

  // "count" and, in microseconds, "min", "p50", "p90", "p99", "p999", "max".
  boost::json::object summary() const;

 private:
  // In no order, or sorted up to the last question.
  mutable std::vector<std::chrono::nanoseconds> samples_;
};

}  // namespace drover::bench
