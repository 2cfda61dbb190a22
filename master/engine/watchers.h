// Who wants to know when records were published.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <optional>
#include <unordered_map>

#include "common/ids.h"
#include "common/mutex.h"
#include "master/core/outcome.h"

namespace drover::engine {

// Any thread. While nobody watches, a publication costs one look at a counter.
class Watchers {
 public:
  // Must not block, and must not come back here.
  using Wake = std::function<void()>;

  // Watches while it lives; afterwards no wake is called any more. Must end before the Watchers do.
  class Watch {
   public:
    Watch() = default;
    Watch(Watch&& other) noexcept;
    Watch& operator=(Watch&& other) noexcept;
    ~Watch() { end(); }

   private:
    friend class Watchers;
    void end();

    Watchers* watchers_ = nullptr;
    std::optional<InstanceId> instance_;  // absent: all
    std::list<Wake>::iterator place_;
  };

  // `wake` is called after each publication of something of this instance, or of anything.
  [[nodiscard]] Watch watch(const InstanceId& instance, Wake wake);
  [[nodiscard]] Watch watch_all(Wake wake);

  // Engine thread.
  void published(const core::Changes& changes);

 private:
  void wake(const InstanceId& instance) DROVER_REQUIRES(mutex_);

  Mutex mutex_;
  std::unordered_map<InstanceId, std::list<Wake>> of_instances_ DROVER_GUARDED_BY(mutex_);
  std::list<Wake> of_all_ DROVER_GUARDED_BY(mutex_);
  std::atomic<std::size_t> count_{0};
};

}  // namespace drover::engine
