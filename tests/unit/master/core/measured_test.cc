// What nodes say of tasks.
#include <gtest/gtest.h>

#include "master/core/step.h"
#include "tests/support/records.h"

namespace drover::core {
namespace {

TEST(Measured, ANodeIsHeardOfWhatItHoldsAlone) {
  State state;
  const Moment now{std::chrono::seconds(1), 7, Index{1}};
  step(state, CreateTemplate{test::a_template_spec("work"), "{}"}, now);
  const NodeId here{new_uuid()};
  const NodeId elsewhere{new_uuid()};
  std::uint64_t session = 0;
  for (const NodeId& node : {here, elsewhere}) {
    OpenSession open;
    open.session = SessionId{++session};
    open.node = node;
    open.cpu_count = 2;
    step(state, open, now);
    if (node == here) step(state, Deploy{"work", InstanceId{new_uuid()}}, now);
  }
  ASSERT_EQ(state.nodes.at(here).allocations.size(), 1U);
  const AttemptId attempt{state.nodes.at(here).allocations.begin()->first, 0, 1};

  Heartbeat beat{SessionId{1}, here, {}, 1, {}, {{attempt, {5, 6, 7}}}};
  const Outcome heard = step(state, beat, now);
  ASSERT_EQ(heard.measured.size(), 1U);
  EXPECT_EQ(heard.measured[0].attempt, attempt);
  EXPECT_EQ(heard.measured[0].used, (ResourceUse{5, 6, 7}));
  EXPECT_EQ(heard.measured[0].at, 7);
  EXPECT_TRUE(heard.changes.empty()) << "nothing of it is stored";

  beat.node = elsewhere;
  beat.session = SessionId{2};
  EXPECT_TRUE(step(state, beat, now).measured.empty());
}

}  // namespace
}  // namespace drover::core
