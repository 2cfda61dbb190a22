#include "tests/bench/support/latencies.h"

#include <algorithm>
#include <cmath>

namespace drover::bench {

Latencies::Latencies(std::size_t expected) {
  samples_.resize(expected);  // resize writes to each page, reserve does not
  samples_.clear();
}

std::chrono::nanoseconds Latencies::percentile(double percent) const {
  if (samples_.empty()) return {};
  std::sort(samples_.begin(), samples_.end());
  const auto count = static_cast<double>(samples_.size());
  // Without the last bits, in which 99.9 % of 1,000 would be a little more than 999.
  const double rank = std::ceil(percent / 100 * count - 1e-9);
  return samples_[static_cast<std::size_t>(std::clamp(rank, 1.0, count)) - 1];
}

double Latencies::microseconds(double percent) const {
  return std::chrono::duration<double, std::micro>(percentile(percent)).count();
}

boost::json::object Latencies::summary() const {
  return {{"count", count()},        {"min", microseconds(0)},  {"p50", microseconds(50)},
          {"p90", microseconds(90)}, {"p99", microseconds(99)}, {"p999", microseconds(99.9)},
          {"max", microseconds(100)}};
}

}  // namespace drover::bench
