#include "tests/bench/history/fill.h"

#include <algorithm>
#include <stdexcept>

#include "common/clock.h"
#include "common/limits.h"
#include "master/core/events.h"
#include "tests/support/records.h"

namespace drover::bench {
namespace {

constexpr std::uint64_t kBatch = 50;  // instances in one commit
// Created, placed, begun, ended, completed.
constexpr std::uint64_t kEventsEach = 5;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

class Filler {
 public:
  explicit Filler(store::Store& store) : store_(store) {
    if (must(store_.load()).last_index != Index{0}) throw std::runtime_error("the store is used");
    must(store_.begin_epoch(Epoch{1}));
    core::Changes changes;
    changes.templates = {from_};
    commit(changes);
  }

  // So many that were deployed together and have ended together.
  void add(std::uint64_t count, bool with_events) {
    core::Changes begun;
    core::Changes ended;
    for (std::uint64_t i = 0; i < count; ++i) {
      const InstanceId id{new_uuid()};
      newest_ = id;
      const core::FinishedInstance last = finished(id);
      const core::FinishedInstance first = as_deployed(last);
      begun.instances.push_back(first.instance);
      begun.allocations.insert(begun.allocations.end(), first.allocations.begin(),
                               first.allocations.end());
      ended.finished.push_back(last);
      if (with_events) tell_of(first, last, begun.events, ended.events);
    }
    commit(begun);
    commit(ended);
  }

  InstanceId newest() const { return newest_; }

 private:
  core::FinishedInstance finished(const InstanceId& id) const {
    core::FinishedInstance made = test::a_finished_instance(id, now_);
    core::Instance instance = *made.instance;
    instance.created_at = now_;
    instance.changed = Index{index_.value + 2};
    core::Allocation allocation = *made.allocations.at(0);
    allocation.node = node_;
    allocation.placed_at = now_;
    allocation.tasks.at(0).started_at = now_;
    allocation.changed = instance.changed;
    return {std::make_shared<const core::Instance>(instance),
            {std::make_shared<const core::Allocation>(allocation)}};
  }

  core::FinishedInstance as_deployed(const core::FinishedInstance& last) const {
    core::Instance instance = *last.instance;
    instance.state = core::InstanceState::starting;
    instance.changed = Index{index_.value + 1};
    core::Allocation allocation = *last.allocations.at(0);
    allocation.tasks = {core::TaskStatus{}};
    allocation.changed = instance.changed;
    return {std::make_shared<const core::Instance>(instance),
            {std::make_shared<const core::Allocation>(allocation)}};
  }

  void tell_of(const core::FinishedInstance& first, const core::FinishedInstance& last,
               std::vector<core::ClusterEvent>& begun, std::vector<core::ClusterEvent>& ended) {
    core::tell(nullptr, *first.instance, now_, begun);
    core::tell(nullptr, *first.allocations.at(0), from_.get(), now_, begun);
    core::tell(first.allocations.at(0).get(), *last.allocations.at(0), from_.get(), now_, ended);
    core::tell(first.instance.get(), *last.instance, now_, ended);
  }

  void commit(const core::Changes& changes) {
    ++index_.value;
    must(store_.commit(changes, index_));
  }

  store::Store& store_;
  const core::Ptr<core::Template> from_ = test::a_template("work");
  const NodeId node_{new_uuid()};
  const core::UnixMs now_ = unix_now_ms();
  Index index_{0};
  InstanceId newest_;
};

}  // namespace

std::vector<InstanceId> fill_history(store::Store& store, std::uint64_t count, std::uint64_t every,
                                     const std::function<void()>& proceed) {
  const std::uint64_t told = limits::kEventsKept / kEventsEach;
  const std::uint64_t untold = count > told ? count - told : 0;
  Filler filler(store);
  std::vector<InstanceId> sample;
  for (std::uint64_t done = 0; done < count; done += kBatch) {
    proceed();
    filler.add(std::min(kBatch, count - done), done >= untold);
    if (done / every != (done + kBatch) / every) sample.push_back(filler.newest());
  }
  return sample;
}

}  // namespace drover::bench
