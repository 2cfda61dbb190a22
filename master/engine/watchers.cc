#include "master/engine/watchers.h"

#include <utility>

namespace drover::engine {

Watchers::Watch::Watch(Watch&& other) noexcept { *this = std::move(other); }

Watchers::Watch& Watchers::Watch::operator=(Watch&& other) noexcept {
  if (this == &other) return *this;
  end();
  watchers_ = std::exchange(other.watchers_, nullptr);
  instance_ = std::move(other.instance_);
  place_ = other.place_;
  return *this;
}

void Watchers::Watch::end() {
  Watchers* watchers = std::exchange(watchers_, nullptr);
  if (watchers == nullptr) return;
  const MutexLock lock(watchers->mutex_);
  --watchers->count_;
  if (!instance_) {
    watchers->of_all_.erase(place_);
    return;
  }
  const auto found = watchers->of_instances_.find(*instance_);
  found->second.erase(place_);
  if (found->second.empty()) watchers->of_instances_.erase(found);
}

Watchers::Watch Watchers::watch(const InstanceId& instance, Wake wake) {
  Watch watch;
  const MutexLock lock(mutex_);
  ++count_;
  std::list<Wake>& wakes = of_instances_[instance];
  watch.watchers_ = this;
  watch.instance_ = instance;
  watch.place_ = wakes.insert(wakes.end(), std::move(wake));
  return watch;
}

Watchers::Watch Watchers::watch_all(Wake wake) {
  Watch watch;
  const MutexLock lock(mutex_);
  ++count_;
  watch.watchers_ = this;
  watch.place_ = of_all_.insert(of_all_.end(), std::move(wake));
  return watch;
}

// One who begins to watch right now is missed; it looks for itself after it has begun, and what was
// published is there to be seen.
void Watchers::published(const core::Changes& changes) {
  if (count_ == 0 || changes.empty()) return;
  const MutexLock lock(mutex_);
  for (const Wake& wake : of_all_) wake();
  if (of_instances_.empty()) return;
  for (const auto& record : changes.instances) wake(record->id);
  for (const auto& record : changes.allocations) wake(record->id.instance);
  for (const auto& ended : changes.finished) wake(ended.instance->id);
}

void Watchers::wake(const InstanceId& instance) {
  const auto found = of_instances_.find(instance);
  if (found == of_instances_.end()) return;
  for (const Wake& wake : found->second) wake();
}

}  // namespace drover::engine
