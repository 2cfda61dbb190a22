#include "master/metrics/measured_store.h"

namespace drover::metrics {

Status MeasuredStore::commit(const core::Changes& changes, Index index) {
  const auto begin = std::chrono::steady_clock::now();
  Status done = store_.commit(changes, index);
  if (done) metrics_.committed(changes, std::chrono::steady_clock::now() - begin);
  return done;
}

}  // namespace drover::metrics
