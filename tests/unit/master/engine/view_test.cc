#include "master/engine/view.h"

#include <gtest/gtest.h>

#include "tests/support/records.h"

namespace drover::engine {
namespace {

TEST(View, CountsTheInstancesThatHaveNotEnded) {
  View view{core::State()};
  EXPECT_EQ(0u, view.live_instances());
  const InstanceId one{new_uuid()};
  const InstanceId other{new_uuid()};
  core::Changes changes;
  changes.instances = {test::an_instance(one, core::InstanceState::pending),
                       test::an_instance(other, core::InstanceState::pending),
                       test::an_instance(one, core::InstanceState::running)};
  view.publish(changes);
  EXPECT_EQ(2u, view.live_instances());

  // One that was live, and one that is made and ends in the same batch.
  const InstanceId brief{new_uuid()};
  core::Changes ends;
  ends.instances = {test::an_instance(brief, core::InstanceState::completed)};
  ends.finished = {test::a_finished_instance(one, 1), test::a_finished_instance(brief, 1)};
  view.publish(ends);
  EXPECT_EQ(1u, view.live_instances());
}

core::Ptr<core::Template> version_of(const std::string& name, std::uint32_t version) {
  core::Template record;
  record.spec = test::a_template_spec(name);
  record.version = version;
  return std::make_shared<const core::Template>(record);
}

TEST(View, FindsEachVersionOfATemplateUntilItIsDropped) {
  core::State state;
  state.templates["work"] = version_of("work", 3);
  state.former_templates[{"work", 2}] = version_of("work", 2);
  View view(state);
  EXPECT_EQ(view.find_template("work")->version, 3U);
  EXPECT_EQ(view.find_version("work", 3)->version, 3U);
  EXPECT_EQ(view.find_version("work", 2)->version, 2U);
  EXPECT_EQ(view.find_version("work", 1), nullptr);
  EXPECT_EQ(view.find_version("other", 3), nullptr);
  core::Changes changes;
  changes.former_templates.push_back(view.find_template("work"));
  changes.templates.push_back(version_of("work", 4));
  changes.dropped_versions.emplace_back("work", 2);
  view.publish(changes);
  EXPECT_EQ(view.find_version("work", 4)->version, 4U);
  EXPECT_EQ(view.find_version("work", 3)->version, 3U);
  EXPECT_EQ(view.find_version("work", 2), nullptr);
}

// What is published of an allocation, and what is known of its task's use afterwards.
class MeasuredView : public testing::Test {
 protected:
  MeasuredView() { publish(copy_); }

  void publish(const core::Allocation& copy) {
    core::Changes changes;
    changes.allocations.push_back(std::make_shared<const core::Allocation>(copy));
    view_.publish(changes);
  }
  void measure(std::uint32_t attempt, std::uint64_t cpu_us) {
    view_.publish({core::MeasuredTask{{copy_.id, 0, attempt}, {cpu_us, 1, 1}, 5}});
  }
  std::uint64_t cpu_us(std::uint32_t attempt) const {
    const auto use = view_.find_use({copy_.id, 0, attempt});
    return use ? use->used.cpu_us : 0;
  }

  View view_{core::State()};
  core::Allocation copy_ =
      *test::an_allocation(InstanceId{new_uuid()}, {core::TaskState::running, 1, 1, 0, {}});
};

TEST_F(MeasuredView, KnowsTheLatestOfTheLatestAttempt) {
  EXPECT_EQ(cpu_us(1), 0U);
  measure(1, 10);
  measure(1, 20);
  EXPECT_EQ(cpu_us(1), 20U);
  measure(2, 3);
  EXPECT_EQ(cpu_us(1), 0U);
  EXPECT_EQ(cpu_us(2), 3U);
  measure(1, 30);
  EXPECT_EQ(cpu_us(2), 3U) << "that came late";
}

TEST_F(MeasuredView, ForgetsWhatHasEnded) {
  measure(1, 10);
  publish(copy_);
  EXPECT_EQ(cpu_us(1), 10U) << "it runs on";
  copy_.tasks[0].state = core::TaskState::succeeded;
  publish(copy_);
  EXPECT_EQ(cpu_us(1), 0U);
}

TEST_F(MeasuredView, ForgetsACopyThatAnotherOneHasFollowed) {
  measure(1, 10);
  core::Allocation next = copy_;
  ++next.id.generation;
  publish(next);
  EXPECT_EQ(cpu_us(1), 0U);
}

TEST_F(MeasuredView, ForgetsWhatHasLeftTheHotState) {
  measure(1, 10);
  core::Changes changes;
  changes.dropped.push_back(copy_.id);
  view_.publish(changes);
  EXPECT_EQ(cpu_us(1), 0U);
}

}  // namespace
}  // namespace drover::engine
