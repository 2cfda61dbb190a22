// A store whose commits are counted and timed.
#pragma once

#include "master/metrics/metrics.h"
#include "master/store/store.h"

namespace drover::metrics {

// Hands everything on to `store`. Nothing is owned.
class MeasuredStore final : public store::Store {
 public:
  MeasuredStore(store::Store& store, Metrics& metrics) : store_(store), metrics_(metrics) {}

  Result<store::Loaded> load() override { return store_.load(); }
  Status begin_epoch(Epoch epoch) override { return store_.begin_epoch(epoch); }
  Status commit(const core::Changes& changes, Index index) override;
  Result<std::optional<core::FinishedInstance>> find_finished(const InstanceId& id) const override {
    return store_.find_finished(id);
  }
  Status visit_finished(const std::optional<InstanceId>& before,
                        const Visit& visit) const override {
    return store_.visit_finished(before, visit);
  }
  Result<std::optional<core::UsedKey>> find_key(const std::string& key) const override {
    return store_.find_key(key);
  }
  Result<store::EventPage> events_after(Index index, std::size_t most) const override {
    return store_.events_after(index, most);
  }
  std::vector<store::Statistic> statistics() const override { return store_.statistics(); }
  Status trim(std::chrono::milliseconds now) override { return store_.trim(now); }

 private:
  store::Store& store_;
  Metrics& metrics_;
};

}  // namespace drover::metrics
