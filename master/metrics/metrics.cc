#include "master/metrics/metrics.h"

namespace drover::metrics {

void Metrics::committed(const core::Changes& changes, std::chrono::nanoseconds took) {
  commits_.observe(took);
  records_.fetch_add(changes.templates.size() + changes.instances.size() +
                         changes.allocations.size() + changes.nodes.size() +
                         changes.finished.size(),
                     std::memory_order_relaxed);
  for (const core::ClusterEvent& event : changes.events) {
    events_[static_cast<std::size_t>(event.kind)].fetch_add(1, std::memory_order_relaxed);
  }
}

}  // namespace drover::metrics
