// How often something took how long, without a lock.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace drover::metrics {

// Any thread. A reader may see an observation in a bucket and not yet in the sum.
class Distribution {
 public:
  // Upper bounds of the buckets, each about twice the one before; beyond the last is one more.
  static constexpr std::array<std::int64_t, 16> kBoundsNs = {
      50'000,      100'000,       250'000,       500'000,       1'000'000,   2'500'000,
      5'000'000,   10'000'000,    25'000'000,    50'000'000,    100'000'000, 250'000'000,
      500'000'000, 1'000'000'000, 2'500'000'000, 10'000'000'000};

  void observe(std::chrono::nanoseconds took) {
    std::size_t bucket = 0;
    while (bucket < kBoundsNs.size() && took.count() > kBoundsNs[bucket]) ++bucket;
    counts_[bucket].fetch_add(1, std::memory_order_relaxed);
    sum_ns_.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
  }

  std::uint64_t count_in(std::size_t bucket) const {
    return counts_[bucket].load(std::memory_order_relaxed);
  }
  static constexpr std::size_t buckets() { return kBoundsNs.size() + 1; }
  double sum_seconds() const {
    return static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) / 1e9;
  }

 private:
  std::array<std::atomic<std::uint64_t>, kBoundsNs.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_ns_{0};
};

}  // namespace drover::metrics
