#include "master/core/tally.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "master/core/state.h"

namespace drover::core {
namespace {

Allocation a_copy(bool placed, std::vector<TaskState> states) {
  Allocation copy;
  if (placed) copy.node = NodeId{new_uuid()};
  for (const TaskState state : states) copy.tasks.emplace_back().state = state;
  return copy;
}

TEST(TaskTally, KnowsWhatIsThere) {
  TaskTally tally;
  const Allocation placed = a_copy(true, {TaskState::waiting, TaskState::failed});
  const Allocation unplaced = a_copy(false, {TaskState::waiting});
  tally.add(placed);
  EXPECT_TRUE(tally.has(TaskState::waiting));
  EXPECT_TRUE(tally.has(TaskState::failed));
  EXPECT_FALSE(tally.has(TaskState::running));
  EXPECT_FALSE(tally.has_unplaced());

  tally.add(unplaced);
  EXPECT_TRUE(tally.has_unplaced());

  tally.remove(placed);
  EXPECT_FALSE(tally.has(TaskState::failed));
  EXPECT_TRUE(tally.has(TaskState::waiting));

  tally.remove(unplaced);
  EXPECT_FALSE(tally.has(TaskState::waiting));
  EXPECT_FALSE(tally.has_unplaced());
}

TEST(InstanceEntry, CountsACopyThatIsFilledAnewOnce) {
  InstanceEntry entry;
  entry.slots[0];
  entry.fill(std::make_shared<const Allocation>(a_copy(true, {TaskState::waiting})));
  entry.fill(std::make_shared<const Allocation>(a_copy(true, {TaskState::running})));
  EXPECT_FALSE(entry.tally.has(TaskState::waiting));
  EXPECT_TRUE(entry.tally.has(TaskState::running));
}

}  // namespace
}  // namespace drover::core
