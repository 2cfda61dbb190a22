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

}  // namespace
}  // namespace drover::engine
