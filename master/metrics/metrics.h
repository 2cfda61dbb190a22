// What the master counts of itself while it works. Counting takes no lock; what can be asked for is
// not counted (page.h).
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "master/core/events.h"
#include "master/core/outcome.h"
#include "master/metrics/distribution.h"

namespace drover::metrics {

// Answers to the requests for one route.
struct RouteCounts {
  static constexpr std::size_t kClasses = 6;  // by the first digit of the status
  std::array<std::atomic<std::uint64_t>, kClasses> by_class{};
  Distribution times;  // from the first byte of the request; without those that wait or stream
};

// Any thread.
class Metrics {
 public:
  // `routes`: how many there are; they are told apart by their numbers.
  explicit Metrics(std::size_t routes)
      : route_count_(routes), routes_(std::make_unique<RouteCounts[]>(routes + 1)) {}

  std::size_t route_count() const { return route_count_; }
  // With `route` as the count: of requests that led to none.
  RouteCounts& route(std::size_t number) { return routes_[number]; }
  const RouteCounts& route(std::size_t number) const { return routes_[number]; }

  void committed(const core::Changes& changes, std::chrono::nanoseconds took);
  const Distribution& commits() const { return commits_; }
  std::uint64_t records() const { return records_.load(std::memory_order_relaxed); }
  std::uint64_t events(core::EventKind kind) const {
    return events_[static_cast<std::size_t>(kind)].load(std::memory_order_relaxed);
  }

 private:
  const std::size_t route_count_;
  const std::unique_ptr<RouteCounts[]> routes_;
  Distribution commits_;
  std::atomic<std::uint64_t> records_{0};  // that were committed
  std::array<std::atomic<std::uint64_t>, core::kEventKinds> events_{};
};

}  // namespace drover::metrics
