// A store whose history, events and used keys are empty, for fakes that keep something else.
#pragma once

#include "master/store/store.h"

namespace drover::test {

class EmptyHistory : public store::Store {
 public:
  Result<std::optional<core::FinishedInstance>> find_finished(const InstanceId&) const override {
    return std::optional<core::FinishedInstance>();
  }
  Status visit_finished(const std::optional<InstanceId>&, const Visit&) const override {
    return Done{};
  }
  Result<std::optional<core::UsedKey>> find_key(const std::string&) const override {
    return std::optional<core::UsedKey>();
  }
  Result<store::EventPage> events_after(Index index, std::size_t) const override {
    store::EventPage page;
    page.searched_to = index;
    return page;
  }
  std::vector<store::Statistic> statistics() const override { return {}; }
  Status trim(std::chrono::milliseconds) override { return Done{}; }
};

}  // namespace drover::test
